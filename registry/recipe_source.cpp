#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "registry/names.hpp"
#include "registry/recipe_reader.hpp"

namespace uk::registry {

namespace {

bool is_made_of(std::string_view text, std::string_view beside_letters_and_digits) {
    return !text.empty() && text[0] != '-' && text[0] != '.' && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               beside_letters_and_digits.find(c) != std::string_view::npos;
    });
}

// Debian Policy 5.6.1 and 5.6.12 for the first two; the file lies in a source package.
bool is_debian(std::string_view text) {
    const auto parts = base::split(text, '/');
    return parts.size() == 3 && is_made_of(parts[0], "+-.") && is_made_of(parts[1], ".+-:~") &&
           is_made_of(parts[2], ".+-_~");
}

// RFC 3986 without user information: credentials never stand in a recipe.
bool is_https(std::string_view text) {
    const auto slash = text.find('/');
    const auto host = text.substr(0, slash);
    return slash != std::string_view::npos && is_made_of(host, ".-:") && text.size() < 2000 &&
           std::all_of(
               text.begin(), text.end(),
               [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '<' && c != '>' && c != '`'; });
}

std::optional<base::sha256> read_hash(const node& written, std::string_view digits, problems& found) {
    if (auto hash = base::sha256::from_hex(digits)) return hash;
    found.add(written.where, "`{}` is no SHA-256: expected 64 lower-case hexadecimal digits", digits);
    return std::nullopt;
}

// `tree: sha256:<64 digits>`.
std::optional<base::sha256> read_tree(const fields& in, problems& found) {
    const auto* written = in.find("tree");
    if (!written) return std::nullopt;
    const auto text = read_text(*written, "tree", found);
    const auto colon = text.find(':');
    if (text.empty()) return std::nullopt;
    const auto kind = colon == std::string::npos ? std::string{} : text.substr(0, colon);
    if (kind != "sha256") {
        const std::array<std::string, 1> known{"sha256"};
        found.add(written->where, "unknown hash `{}`{}", colon == std::string::npos ? text : kind,
                  kind.empty() ? "; expected `sha256:` and 64 digits" : base::did_you_mean(kind, known));
        return std::nullopt;
    }
    return read_hash(*written, std::string_view{text}.substr(colon + 1), found);
}

std::optional<address> read_url(const fields& in, problems& found) {
    const auto& written = *in.find("url");
    const auto text = read_text(written, "url", found);
    if (text.empty()) return std::nullopt;
    const auto colon = text.find(':');
    const auto scheme = text.substr(0, colon == std::string::npos ? 0 : colon);
    address made{.text = text, .where = written.where};
    const std::vector<std::string> known{"debian", "https"};
    if (scheme == "debian") {
        made.kind = address::type::debian;
        made.text = text.substr(colon + 1);
        if (!is_debian(made.text)) {
            found.add(written.where,
                      "`{}` is no file of a Debian source package: expected `debian:SOURCE/VERSION/FILE`", text);
            return std::nullopt;
        }
    } else if (scheme == "https") {
        if (!std::string_view{text}.starts_with("https://") || !is_https(std::string_view{text}.substr(8))) {
            if (text.find('@') != std::string::npos)
                found.add(written.where, "an address can't hold a user or a password");
            else found.add(written.where, "`{}` is no address that can be fetched: expected `https://host/path`", text);
            return std::nullopt;
        }
    } else if (scheme == "http") {
        found.add(written.where, "`http:` is not fetched from; use `https:`");
        return std::nullopt;
    } else if (scheme == "git" || scheme == "crates" || scheme == "npm" || scheme == "pypi" || scheme == "git+https") {
        found.add(written.where, "addresses of `{}:` are not supported by this version of uk", scheme);
        return std::nullopt;
    } else {
        found.add(fail(status::input, written.where, "`{}` begins with no known kind of address{}", text,
                       base::did_you_mean(scheme, known))
                      .hint("an address is `debian:SOURCE/VERSION/FILE`, `https://…`, or stands in `folder:`"));
        return std::nullopt;
    }
    if (const auto* hash = in.find("sha256")) {
        if (const auto digits = read_text(*hash, "sha256", found); !digits.empty())
            made.hash = read_hash(*hash, digits, found);
    } else if (!in.is_mistyped("sha256")) {
        found.add(fail(status::input, written.where, "this address needs its `sha256`")
                      .hint("uk fetches nothing whose hash it doesn't know"));
    }
    return made;
}

std::optional<address> read_address(const fields& in, problems& found) {
    if (in.has("url") && in.has("folder"))
        found.add(in.where("folder"), "`url` and `folder` are two addresses; give each its own entry");
    if (in.has("url")) return read_url(in, found);
    if (!in.has("folder")) {
        if (in.is_mapping()) found.add(in.where(), "an address needs `url` or `folder`");
        return std::nullopt;
    }
    if (in.has("sha256")) found.add(in.where("sha256"), "a folder has no `sha256`; a `tree` hash names its content");
    address made{.kind = address::type::folder, .text = in.path("folder"), .where = in.where("folder")};
    if (made.text.empty()) return std::nullopt;
    return made;
}

origin read_origin(const node& written, problems& found) {
    const fields in{written, sets::origin, found};
    origin made{.where = written.where};
    made.tree = read_tree(in, found);
    made.only = in.paths("only");
    made.patches = in.paths("patches");
    made.into = in.path("into");
    if (made.into == ".") made.into.clear();
    if (!in.has("from")) {
        if (auto one = read_address(in, found)) made.from.push_back(*std::move(one));
        return made;
    }
    for (const auto field : {"url", "folder", "sha256"})
        if (in.has(field)) found.add(in.where(field), "`{}` and `from` are two ways to say the same; use one", field);
    const auto& from = *in.find("from");
    if (!from.is_sequence() || from.items.empty()) {
        found.add(from.where, "expected a list of addresses for `from`: `- {{url: …, sha256: …}}`");
        return made;
    }
    for (const auto& item : from.items)
        if (auto one = read_address(fields{item, sets::address, found}, found)) made.from.push_back(*std::move(one));
    return made;
}

// The build.

void read_define(const fields& in, build_step& made, const recipe& whole, problems& found) {
    const auto* all = in.find("define");
    if (!all) return;
    if (!all->is_mapping()) return found.add(all->where, "expected a mapping for `define`: `define: {{NAME: value}}`");
    std::vector<std::string> options;
    for (const auto& option : whole.options) options.push_back("$option." + option.name);
    for (const auto& [key, value] : all->entries) {
        if (!is_identifier(key.text)) found.add(key.where, "`{}` is no name of a macro", key.text);
        if (!value.is_scalar()) {
            found.add(key.where, "expected a value for the macro `{}`", key.text);
            continue;
        }
        if (value.text.starts_with("$") && std::find(options.begin(), options.end(), value.text) == options.end())
            found.add(value.where, "`{}` names no option of this recipe{}", value.text,
                      base::did_you_mean(value.text, options));
        made.define.emplace_back(key.text, value.text);
    }
}

void read_compile(const fields& in, build_step& made, const recipe& whole, problems& found) {
    static const std::vector<std::string> languages{"c", "c++", "asm"}, on_off{"on", "off"};
    static const std::vector<std::string> standards{"c89",   "c90",   "c99",   "c11",   "c17",
                                                    "gnu89", "gnu90", "gnu99", "gnu11", "gnu17"};
    in.need("language");
    in.need("files");
    const auto language = in.choice("language", languages);
    made.lang = language == "c"     ? build_step::language::c
                : language == "asm" ? build_step::language::assembler
                                    : build_step::language::cxx;
    made.files = in.paths("files");
    made.exclude = in.paths("exclude");
    made.standard = in.choice("standard", standards);
    if (!made.standard.empty() && made.lang != build_step::language::c)
        found.add(in.where("standard"), "`standard` is for C; all C++ of an image is C++23");
    made.interrupt_safe = in.flag("interrupt-safe");
    made.freestanding = in.flag("freestanding");
    if (made.freestanding && made.lang != build_step::language::c)
        found.add(in.where("freestanding"), "`freestanding` is for C");
    made.warnings = in.choice("warnings", on_off) != "off";
    if (const auto* include = in.find("include")) {
        const fields folders{*include, sets::include, found};
        made.public_include = folders.paths("public");
        made.private_include = folders.paths("private");
    }
    read_define(in, made, whole, found);
}

void read_embed(const fields& in, build_step& made, const recipe& whole, problems& found) {
    made.embed = in.text("embed");
    made.as = in.text("as");
    in.need("as");
    if (!made.as.empty() && !is_identifier(made.as)) found.add(in.where("as"), "`{}` is no name of a member", made.as);
    std::vector<std::string> settings;
    for (const auto& setting : whole.settings)
        if (setting.type == value_type::path) settings.push_back("$setting." + setting.name);
    if (!made.embed.empty() && std::find(settings.begin(), settings.end(), made.embed) == settings.end())
        found.add(in.find("embed")->where, "`{}` names no setting of type `path` of this recipe{}", made.embed,
                  base::did_you_mean(made.embed, settings));
    if (!made.per_instance)
        found.add(
            fail(status::input, in.where("embed"), "what is embedded is a setting, so this step is for each instance")
                .hint("add `per: instance`"));
}

void read_run(const fields& in, build_step& made, problems& found) {
    made.arguments = in.texts("run");
    made.inputs = in.paths("inputs");
    made.outputs = in.paths("outputs");
    if (made.arguments.empty() && in.find("run")->is_sequence())
        found.add(in.where("run"), "`run` is empty; expected `[program, argument, …]`");
    if (!in.is_mistyped("outputs") &&
        (!in.has("outputs") || (in.find("outputs")->is_sequence() && in.find("outputs")->items.empty())))
        found.add(in.where("run"), "a `run` step needs its `outputs`");
}

void read_members(const fields& in, build_step& made, problems& found) {
    made.archive = in.text("archive");
    made.members = in.texts("members");
    if (!made.archive.empty() && !is_made_of(made.archive, "+-._"))
        found.add(in.where("archive"), "`{}` is no name of an archive of the toolchain, such as `libstdc++.a`",
                  made.archive);
    for (const auto& member : made.members)
        if (!is_made_of(member, "+-._"))
            found.add(in.where("members"), "`{}` is no name of an archive's member", member);
    if (made.members.empty() && !in.has("members"))
        found.add(in.where("archive"), "an `archive` step needs its `members`");
}

// Which fields belong to which kind of step; `when` and `per` to all.
struct step_kind {
    build_step::type kind;
    std::string_view field;
    std::vector<std::string_view> fields_;
};

const std::vector<step_kind>& step_kinds() {
    static const std::vector<step_kind> all{{build_step::type::run, "run", {"run", "inputs", "outputs"}},
                                            {build_step::type::embed, "embed", {"embed", "as"}},
                                            {build_step::type::members, "archive", {"archive", "members"}},
                                            {build_step::type::compile,
                                             "language",
                                             {"language", "files", "exclude", "include", "define", "standard",
                                              "freestanding", "interrupt-safe", "warnings"}}};
    return all;
}

build_step read_step(const node& written, const recipe& whole, problems& found) {
    static const std::vector<std::string> each{"instance"};
    const fields in{written, sets::step, found};
    build_step made{.where = written.where};
    made.when = read_when(in, whole.options, found);
    made.per_instance = in.choice("per", each) == "instance";
    const auto& kinds = step_kinds();
    auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const step_kind& one) { return in.has(one.field); });
    if (kind == kinds.end()) kind = std::prev(kinds.end());
    if (!in.is_mapping()) return made;
    for (const auto& [key, value] : written.entries) {
        const bool is_others = std::any_of(kinds.begin(), kinds.end(), [&](const step_kind& one) {
            return &one != &*kind && std::find(one.fields_.begin(), one.fields_.end(), key.text) != one.fields_.end();
        });
        if (is_others) found.add(key.where, "`{}` doesn't go with `{}` in one build step", key.text, kind->field);
    }
    made.kind = kind->kind;
    switch (made.kind) {
    case build_step::type::compile: read_compile(in, made, whole, found); break;
    case build_step::type::run: read_run(in, made, found); break;
    case build_step::type::embed: read_embed(in, made, whole, found); break;
    case build_step::type::members: read_members(in, made, found); break;
    }
    return made;
}

} // namespace

std::vector<origin> read_origins(const fields& in, problems& found) {
    std::vector<origin> all;
    const auto* written = in.find("origin");
    if (!written) return all;
    if (!written->is_sequence()) {
        found.add(written->where, "expected a list for `origin`: `- {{url: …, sha256: …}}`");
        return all;
    }
    for (const auto& item : written->items) all.push_back(read_origin(item, found));
    return all;
}

std::vector<build_step> read_build(const fields& in, const recipe& made, problems& found) {
    std::vector<build_step> all;
    const auto* written = in.find("build");
    if (!written) return all;
    if (!written->is_sequence()) {
        found.add(written->where, "expected a list for `build`: `- {{language: c++, files: [src/*.cpp]}}`");
        return all;
    }
    for (const auto& item : written->items) all.push_back(read_step(item, made, found));
    return all;
}

} // namespace uk::registry
