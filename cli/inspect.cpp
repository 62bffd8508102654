// uk inspect: what an image is, from the image itself.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "targets/image.hpp"

namespace uk::cli {

using base::json;
using base::result;

namespace {

json facts_json(const targets::image_facts& facts) {
    json segments = json::array();
    for (const targets::segment& one : facts.segments) {
        const std::string access =
            fmt::format("{}{}{}", one.readable ? "r" : "-", one.writable ? "w" : "-", one.executable ? "x" : "-");
        segments.push_back({{"address", one.address},
                            {"file_size", one.file_size},
                            {"memory_size", one.memory_size},
                            {"access", access}});
    }
    json result{{"format", facts.format},
                {"size", facts.file_size},
                {"sha256", facts.hash.hex()},
                {"entry", facts.entry},
                {"segments", segments}};
    if (facts.pvh_entry) result["pvh_entry"] = *facts.pvh_entry;
    if (facts.note) result["image"] = *facts.note;
    return result;
}

std::string facts_text(const targets::image_facts& facts) {
    std::string text;
    const auto row = [&](std::string_view name, const std::string& value) {
        text += fmt::format("{:<13} {}\n", name, base::printable(value));
    };
    const json* note = facts.note ? &*facts.note : nullptr;
    const auto word = [&](const char* key) {
        return note && note->contains(key) && (*note)[key].is_string() ? (*note)[key].get<std::string>() : "?";
    };
    if (note) {
        row("name", word("name") + " " + word("version"));
        row("variant", fmt::format("{} (target {}, {}, profile {})", word("variant"), word("target"), word("family"),
                                   word("profile")));
        if (note->contains("memory") && (*note)["memory"].is_number_unsigned() && (*note)["memory"] > 0u)
            row("memory", base::format_size((*note)["memory"].get<std::uint64_t>()));
    }
    row("format", facts.format);
    row("size", base::format_size(facts.file_size));
    row("sha256", facts.hash.hex());
    row("entry",
        fmt::format("{:#x}{}", facts.entry, facts.pvh_entry ? fmt::format(" (PVH {:#x})", *facts.pvh_entry) : ""));
    std::string_view label = "segments";
    for (const targets::segment& one : facts.segments) {
        row(label,
            fmt::format("{:#010x}  {}{}{}  {:>8} in the file, {:>8} in memory", one.address, one.readable ? "r" : "-",
                        one.writable ? "w" : "-", one.executable ? "x" : "-", one.file_size, one.memory_size));
        label = "";
    }
    if (!note) return text + "\nuk didn't make it: it has no note that says more\n";
    const auto list = [&](const char* key, std::string_view between) {
        if (!note->contains(key) || !(*note)[key].is_object()) return;
        std::string_view shown = key;
        for (const auto& [name, value] : (*note)[key].items()) {
            row(shown,
                fmt::format("{}{}{}", name, between, value.is_string() ? value.get<std::string>() : value.dump()));
            shown = "";
        }
    };
    list("components", " ");
    list("instances", ": ");
    if (note->contains("parameters") && (*note)["parameters"].is_array()) {
        label = "parameters";
        for (const json& one : (*note)["parameters"]) {
            if (!one.is_object()) continue;
            const std::string fallback = one.contains("default")    ? " = " + one.value("default", "")
                                         : one.contains("required") ? " (required)"
                                                                    : "";
            row(label, fmt::format("--{}: {}{}{}", one.value("name", ""), one.value("type", ""), fallback,
                                   one.contains("summary") ? "   " + one.value("summary", "") : ""));
            label = "";
        }
    }
    row("lock", word("lock"));
    return text;
}

// What lies beside it and says that it is about this image, as in a bundle.
json described_in(const std::filesystem::path& folder, const base::sha256& image) {
    const auto text = base::read_file(folder / "provenance.intoto.json", 64 << 20);
    const json statement = text ? json::parse(*text, nullptr, false) : json{};
    json found = json::object();
    try {
        std::map<std::string, std::string> subject;
        for (const json& one : statement.at("subject")) subject[one.at("name")] = one.at("digest").at("sha256");
        if (std::ranges::none_of(subject, [&](const auto& one) { return one.second == image.hex(); })) return found;
        found["provenance"] = (folder / "provenance.intoto.json").lexically_normal().string();
        const auto sbom = base::digest_of_file(folder / "sbom.spdx.json");
        if (sbom && subject["sbom.spdx.json"] == sbom->hash.hex())
            found["sbom"] = (folder / "sbom.spdx.json").lexically_normal().string();
    } catch (const json::exception&) {
        return json::object(); // somebody else's file
    }
    return found;
}

} // namespace

void add_inspect(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("inspect", "Say what an image is: parts, needs, parameters");
    const auto image = std::make_shared<std::string>();
    verb->add_option("image", *image, "An image that uk made, or any ELF file")->required()->type_name("IMAGE");
    verb->footer("\nIn a bundle it also names the files that say what the image is made of, if they are about this "
                 "very image.\n\n"
                 "Example:\n  uk inspect dist/kvm/hello.elf");
    verb->callback([&chosen, image] {
        chosen = [image](context& how) -> result<int> {
            const targets::image_facts facts = TRY(targets::inspect(how.folder / *image));
            const json beside = described_in((how.folder / *image).parent_path(), facts.hash);
            json all = facts_json(facts);
            all.update(beside);
            std::string text = facts_text(facts);
            for (const auto& [name, file] : beside.items())
                text += fmt::format("{:<13} {}\n", name, base::printable(file.get<std::string>()));
            how.print(how.json ? all.dump(2) + "\n" : text);
            return 0;
        };
    });
}

} // namespace uk::cli
