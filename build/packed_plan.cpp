#include "build/packed_plan.hpp"

#include "base/text.hpp"

namespace uk::build {

namespace {

using texts = std::vector<std::string>;
enum class source : std::uint8_t { output, text, file, folder, fixed_folder, files };

void pack(packer& to, const texts& all) {
    to.list(all, [&](const std::string& one) { to.word(one); });
}

texts unpack_texts(unpacker& from) {
    texts all;
    from.list([&] { all.push_back(from.word()); });
    return all;
}

void pack(packer& to, const std::map<std::string, std::string>& all) {
    to.list(all, [&](const auto& one) { to.word(one.first).word(one.second); });
}

std::map<std::string, std::string> unpack_environment(unpacker& from) {
    std::map<std::string, std::string> all;
    from.list([&] {
        std::string name = from.word();
        all[std::move(name)] = from.word();
    });
    return all;
}

void pack(packer& to, const input& in) {
    to.word(in.path).number(in.executable);
    const auto kind = [&](source one) { to.number(static_cast<std::uint64_t>(one)); };
    if (const auto* other = std::get_if<output_of>(&in.from)) {
        kind(source::output);
        to.number(other->action).word(other->path);
    } else if (const auto* text = std::get_if<generated>(&in.from)) {
        kind(source::text);
        to.word(text->content);
    } else if (const auto* file = std::get_if<host_file>(&in.from)) {
        kind(source::file);
        to.word(file->file.native());
    } else {
        const host_folder& folder = std::get<host_folder>(in.from);
        kind(folder.only ? source::files : folder.tree ? source::fixed_folder : source::folder);
        to.word(folder.folder.native());
        // As one word, because many actions have it.
        if (folder.only) to.word(base::join(*folder.only, std::string_view{"\0", 1}));
        if (folder.tree) to.hash(*folder.tree).number(folder.is_part);
    }
}

input unpack_input(unpacker& from, shared_lists& lists) {
    input in;
    in.path = from.word();
    in.executable = from.number() != 0;
    switch (static_cast<source>(from.number())) {
    case source::output: {
        const std::size_t other = from.number();
        in.from = output_of{other, from.word()};
        break;
    }
    case source::text: in.from = generated{from.word()}; break;
    case source::file: in.from = host_file{from.word()}; break;
    case source::folder: in.from = host_folder{from.word(), {}}; break;
    case source::fixed_folder: {
        host_folder folder{from.word(), from.hash()};
        folder.is_part = from.number() != 0;
        in.from = std::move(folder);
        break;
    }
    case source::files: {
        host_folder folder{from.word(), {}};
        const std::string_view all = from.word_view();
        auto& list = lists[all.data()];
        if (!list) {
            const auto paths = base::split(all, '\0');
            list = std::make_shared<const std::vector<std::string>>(paths.begin(), paths.end());
        }
        folder.only = list;
        in.from = std::move(folder);
        break;
    }
    default: from.is_broken = true;
    }
    return in;
}

} // namespace

void pack(packer& to, const action& a) {
    to.word(a.component).text(a.label).word(a.variant);
    pack(to, a.arguments);
    pack(to, a.environment);
    to.list(a.inputs, [&](const input& one) { pack(to, one); });
    pack(to, a.outputs);
    pack(to, a.output_folders);
    to.word(a.source).number(a.is_selective).number(a.keep_errors);
}

action unpack_action(unpacker& from, shared_lists& lists) {
    action a;
    a.component = from.word();
    a.label = from.text();
    a.variant = from.word();
    a.arguments = unpack_texts(from);
    a.environment = unpack_environment(from);
    from.list([&] { a.inputs.push_back(unpack_input(from, lists)); });
    a.outputs = unpack_texts(from);
    a.output_folders = unpack_texts(from);
    a.source = from.word();
    a.is_selective = from.number() != 0;
    a.keep_errors = from.number() != 0;
    return a;
}

void pack(packer& to, const result_file& file) {
    to.word(file.path).number(file.executable);
    if (const auto* made = std::get_if<output_of>(&file.from)) to.number(1).number(made->action).word(made->path);
    else to.number(0).text(std::get<generated>(file.from).content);
}

result_file unpack_result_file(unpacker& from) {
    result_file file;
    file.path = from.word();
    file.executable = from.number() != 0;
    if (from.number() != 0) {
        const std::size_t action = from.number();
        file.from = output_of{action, from.word()};
    } else {
        file.from = generated{from.text()};
    }
    return file;
}

void pack(packer& to, const action_result& made) {
    to.list(made.files, [&](const auto& one) {
        to.text(one.first).hash(one.second.blob.hash);
        to.number(static_cast<std::uint64_t>(one.second.blob.size)).number(one.second.executable);
    });
}

action_result unpack_action_result(unpacker& from) {
    action_result made;
    from.list([&] {
        action_result::file& file = made.files[from.text()];
        file.blob.hash = from.hash();
        file.blob.size = static_cast<std::int64_t>(from.number());
        file.executable = from.number() != 0;
    });
    return made;
}

void pack(packer& to, const toolchain& tools) {
    for (const auto* text : {&tools.name, &tools.version, &tools.architecture, &tools.c, &tools.cxx, &tools.ar,
                             &tools.objcopy, &tools.strip, &tools.gcc_include, &tools.library_folder, &tools.programs})
        to.word(*text);
    pack(to, tools.cxx_include);
    to.list(tools.mounts, [&](const auto& one) { to.word(one.native()); });
    to.hash(tools.fingerprint);
    to.list(tools.parts, [&](const auto& one) { to.word(one.first).hash(one.second); });
    to.number(tools.tree.has_value());
    if (tools.tree) pack(to, *tools.tree);
    pack(to, tools.environment);
}

toolchain unpack_toolchain(unpacker& from) {
    toolchain tools;
    for (auto* text : {&tools.name, &tools.version, &tools.architecture, &tools.c, &tools.cxx, &tools.ar,
                       &tools.objcopy, &tools.strip, &tools.gcc_include, &tools.library_folder, &tools.programs})
        *text = from.word();
    tools.cxx_include = unpack_texts(from);
    from.list([&] { tools.mounts.emplace_back(from.word()); });
    tools.fingerprint = from.hash();
    from.list([&] {
        std::string name = from.word();
        tools.parts[std::move(name)] = from.hash();
    });
    shared_lists none;
    if (from.number() != 0) tools.tree = unpack_input(from, none);
    tools.environment = unpack_environment(from);
    return tools;
}

} // namespace uk::build
