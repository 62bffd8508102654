#include "build/flags.hpp"

namespace uk::build {

namespace {

using list = std::vector<std::string>;
using language = registry::build_step::language;

void add(list& to, const list& more) { to.insert(to.end(), more.begin(), more.end()); }

list profile_flags(const std::string& profile) {
    if (profile == "size") return {"-Os"};
    if (profile == "debug") return {"-Og", "-g"};
    return {"-O2"};
}

} // namespace

list compile_flags(const flag_request& how, const registry::build_step& step, const search_path& headers) {
    const bool cxx = step.lang == language::cxx;
    list flags{cxx ? how.tools.cxx : how.tools.c};
    add(flags, profile_flags(how.profile));
    // Every function and object in a section of its own: the linker drops what nobody uses. No tables for unwinding, nothing
    // that needs thread-local storage; the stack's guard is a plain global that the platform fills.
    add(flags, {"-ffunction-sections", "-fdata-sections", "-fno-common", "-fvisibility=hidden", "-fcf-protection=none",
                "-mno-red-zone", "-fno-asynchronous-unwind-tables", "-fno-unwind-tables", "-fstack-protector-strong",
                "-mstack-protector-guard=global", "-U_FORTIFY_SOURCE", "-nostdinc"});
    flags.push_back(how.target.family == "hosted" ? "-fpie" : "-fno-pie");
    if (cxx) add(flags, {"-std=c++23", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics", "-nostdinc++"});
    if (step.lang == language::c) flags.push_back("-std=" + (step.standard.empty() ? "gnu17" : step.standard));
    if (step.freestanding) add(flags, {"-ffreestanding", "-fno-tree-loop-distribute-patterns"});
    if (step.interrupt_safe) flags.push_back("-mgeneral-regs-only");
    if (!step.warnings) flags.push_back("-w");
    else if (step.lang != language::assembler) add(flags, {"-Wall", "-Wextra"});
    for (const std::string& folder : headers.own) flags.push_back("-I" + folder);
    if (cxx) {
        for (const std::string& folder : how.tools.cxx_include) add(flags, {"-isystem", folder});
    }
    for (const std::string& folder : headers.system) add(flags, {"-isystem", folder});
    add(flags, {"-isystem", how.tools.gcc_include});
    return flags;
}

list link_flags(const flag_request& how) {
    list flags{how.tools.cxx, "-nostdlib", "-Wl,--gc-sections", "-Wl,-z,noexecstack", "-Wl,--build-id=none"};
    if (how.target.family == "hosted")
        add(flags, {"-static-pie", "-Wl,-z,relro", "-Wl,-z,now", "-Wl,--no-dynamic-linker"});
    else if (how.target.family == "simulated") add(flags, {"-static", "-no-pie"});
    // Loaders of virtual machines copy segments: in the file they needn't begin on pages.
    else add(flags, {"-static", "-no-pie", "-Wl,-z,max-page-size=32"});
    return flags;
}

} // namespace uk::build
