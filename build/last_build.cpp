#include "build/last_build.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"
#include "build/packed_plan.hpp"
#include "build/schedule.hpp"

namespace uk::build {

namespace fs = std::filesystem;

namespace {

namespace of_plan {
enum part : std::size_t { words, actions, users, readers, results, tools, bundles, count };
}
namespace of_state {
enum part : std::size_t { plan, outputs, said, hashes, count };
}

constexpr std::size_t hash_size = 64; // in hexadecimal
constexpr std::string_view readable = "!"; // begins the readers of a file that decides nothing

std::string pack_all(const std::vector<std::string>& texts) { return packed_list::pack({texts.begin(), texts.end()}); }

// What two texts begin and end with.
std::size_t common_begin(std::string_view a, std::string_view b) {
    return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}
std::size_t common_end(std::string_view a, std::string_view b) {
    std::size_t size = 0;
    while (size < std::min(a.size(), b.size()) && a[a.size() - 1 - size] == b[b.size() - 1 - size]) ++size;
    return size;
}

// Texts that are much alike: how much of the one before each begins and ends with, and what is between.
class packer_of_similar {
  public:
    explicit packer_of_similar(packer& to) : to_{to} {}
    void add(std::string_view text) {
        const std::size_t begin = common_begin(text, before_);
        const std::size_t end = common_end(text.substr(begin), before_.substr(begin));
        to_.number(begin).number(end).text(text.substr(begin, text.size() - begin - end));
        before_ = text;
    }

  private:
    packer& to_;
    std::string_view before_;
};

class unpacker_of_similar {
  public:
    explicit unpacker_of_similar(unpacker& from) : from_{from} {}
    const std::string& next() {
        const std::size_t begin = from_.number(), end = from_.number();
        if (begin > text_.size() || end > text_.size() - begin) from_.is_broken = true;
        if (from_.is_broken) return text_;
        text_.replace(begin, text_.size() - begin - end, from_.text());
        return text_;
    }

  private:
    unpacker& from_;
    std::string text_;
};

void pack(packer& to, const document& what) {
    to.number(what.gaps.size());
    packer_of_similar pieces{to};
    std::size_t begin = 0;
    const std::string_view text = what.text;
    for (const document::gap& one : what.gaps) {
        pieces.add(text.substr(begin, one.at - begin));
        to.number(one.number);
        begin = one.at + gap_size;
    }
    pieces.add(text.substr(begin));
}

document unpack_document(unpacker& from) {
    document what;
    unpacker_of_similar pieces{from};
    for (std::size_t left = from.number(); left > 0 && !from.is_broken; --left) {
        what.text += pieces.next();
        what.gaps.push_back({what.text.size(), from.number()});
        what.text.append(gap_size, gap_digit);
    }
    what.text += pieces.next();
    return what;
}

void pack(packer& to, const described_bundle& what) {
    to.word(what.documents.folder);
    pack(to, what.documents.sbom);
    pack(to, what.documents.provenance);
    // Of the sources the paths; their hashes are part of the state.
    packer_of_similar paths{to};
    to.list(what.sources, [&](const described_file& one) {
        paths.add(one.path);
        to.number(one.is_folder);
    });
}

bundle_documents unpack_documents(unpacker& from) {
    bundle_documents what;
    what.folder = from.word();
    what.sbom = unpack_document(from);
    what.provenance = unpack_document(from);
    return what;
}

std::string packed_hashes(const std::vector<base::sha256>& all) {
    word_numbers none;
    packer to{none};
    for (const base::sha256& one : all) to.hash(one);
    return std::move(to.bytes);
}

std::string numbers(const std::vector<std::size_t>& all) {
    word_numbers none;
    packer to{none};
    for (const std::size_t one : all) to.number(one);
    return std::move(to.bytes);
}

std::vector<std::size_t> numbers(std::string_view bytes) {
    const packed_list none;
    unpacker from{bytes, none};
    std::vector<std::size_t> all;
    while (!from.is_done()) all.push_back(from.number());
    return all;
}

// By line of the snapshot: empty, or which actions read that file and nothing but its content counts.
std::vector<std::string> readers_of(const plan& what, const watched& all) {
    std::unordered_map<std::string, std::size_t> lines;
    for (const fs::path& path : all.inputs) lines.emplace(path.native(), lines.size());
    std::vector<std::vector<std::size_t>> found(lines.size());
    std::unordered_map<std::string_view, std::size_t> known; // paths as inputs have them
    std::set<fs::path> folders;
    std::set<const void*> sets;
    std::unordered_set<std::string> files; // of those sets
    constexpr std::size_t nowhere = ~std::size_t{0};
    for (std::size_t i = 0; i < what.actions.size(); ++i) {
        for (const input& in : what.actions[i].inputs) {
            const auto* folder = std::get_if<host_folder>(&in.from);
            if (folder && folder->only && sets.insert(folder->only.get()).second) {
                // Headers, given to all: what they decide the engine finds out.
                const fs::path place = fs::absolute(folder->folder).lexically_normal();
                for (const std::string& path : *folder->only) files.insert((place / path).native());
            } else if (folder && !folder->only && !folder->tree) {
                folders.insert(fs::absolute(folder->folder).lexically_normal());
            }
            const auto* file = std::get_if<host_file>(&in.from);
            if (file == nullptr) continue;
            auto at = known.find(file->file.native());
            if (at == known.end()) {
                const auto line = lines.find(fs::absolute(file->file).lexically_normal().native());
                at = known.emplace(file->file.native(), line == lines.end() ? nowhere : line->second).first;
            }
            if (at->second != nowhere) found[at->second].push_back(i);
        }
    }
    std::vector<std::string> made;
    for (const fs::path& path : all.inputs) {
        const bool decides =
            all.choices.contains(path) || files.contains(path.native()) ||
            std::ranges::any_of(folders, [&](const auto& one) { return base::lies_in(path.native(), one.native()); });
        made.push_back(decides ? "" : std::string{readable} + numbers(found[made.size()]));
    }
    return made;
}

// In front of it: its hash, because nobody else would see that the disk has lost something.
std::string write_state(std::string_view plan_hash, const std::vector<std::string_view>& outputs,
                        const std::vector<std::size_t>& said, const std::vector<std::string>& hashes) {
    const std::string all_outputs = packed_list::pack(outputs), all_said = numbers(said), all_hashes = pack_all(hashes);
    const std::string state = packed_list::pack({plan_hash, all_outputs, all_said, all_hashes});
    return base::digest_of(state).hash.hex() + state;
}

} // namespace

last_build_texts remember(const plan& what, const outcome& done, const toolchain& how, const watched& all,
                          std::string_view snapshot, const std::vector<described_bundle>& described) {
    const auto lines = static_cast<std::size_t>(std::ranges::count(snapshot, '\n'));
    if (lines != all.inputs.size() + all.outputs.size() + all.names.size()) return {}; // none, or odd names
    word_numbers names;
    const auto packed = [&](const auto& one) {
        packer to{names};
        pack(to, one);
        return std::move(to.bytes);
    };
    std::vector<std::string> packed_actions, packed_users, packed_results, packed_bundles;
    for (const action& one : what.actions) packed_actions.push_back(packed(one));
    for (const plan_node& one : nodes_of(what)) packed_users.push_back(numbers(one.used_by));
    for (const result_file& one : what.results) {
        if (!is_document(one.path)) packed_results.push_back(packed(one));
    }
    for (const described_bundle& one : described) packed_bundles.push_back(packed(one));
    const std::string packed_tools = packed(how);
    last_build_texts made;
    made.plan =
        pack_all({names.pack(), pack_all(packed_actions), pack_all(packed_users), pack_all(readers_of(what, all)),
                  pack_all(packed_results), packed_tools, pack_all(packed_bundles)});

    std::vector<std::string> made_by, hashes_now;
    std::vector<std::size_t> said_now;
    for (const action_outcome& one : done.actions) {
        if (!one.result.standard_error.empty()) said_now.push_back(made_by.size());
        made_by.push_back(packed(one.result));
    }
    for (const described_bundle& one : described) hashes_now.push_back(packed_hashes(hashes_of(one.sources)));
    made.state =
        write_state(base::digest_of(made.plan).hash.hex(), {made_by.begin(), made_by.end()}, said_now, hashes_now);
    return made;
}

std::optional<last_build> last_build::read(std::string plan, std::string state) {
    if (base::digest_of(std::string_view{state}.substr(std::min(state.size(), hash_size))).hash.hex() !=
        state.substr(0, hash_size))
        return std::nullopt;
    last_build made;
    made.plan_text_ = std::make_unique<const std::string>(std::move(plan));
    made.state_text_ = std::make_unique<const std::string>(std::move(state));
    const packed_list whole{*made.plan_text_}, now{std::string_view{*made.state_text_}.substr(hash_size)};
    made.plan_hash_ = now[of_state::plan];
    if (whole.size() != of_plan::count || now.size() != of_state::count ||
        base::digest_of(*made.plan_text_).hash.hex() != made.plan_hash_)
        return std::nullopt;
    made.words_ = packed_list{whole[of_plan::words]};
    made.actions_ = packed_list{whole[of_plan::actions]};
    made.users_ = packed_list{whole[of_plan::users]};
    made.readers_ = packed_list{whole[of_plan::readers]};
    made.results_ = packed_list{whole[of_plan::results]};
    made.tools_ = whole[of_plan::tools];
    made.bundles_ = packed_list{whole[of_plan::bundles]};
    made.outputs_ = packed_list{now[of_state::outputs]};
    made.said_ = now[of_state::said];
    made.hashes_ = packed_list{now[of_state::hashes]};
    return made;
}

std::optional<toolchain> last_build::tools() const {
    unpacker from{tools_, words_};
    toolchain made = unpack_toolchain(from);
    return from.is_broken ? std::nullopt : std::optional{std::move(made)};
}

std::optional<last_build::part> last_build::part_for(const std::vector<std::size_t>& lines) const {
    // What reads those files, what reads the outputs of that, and what has something to say at each build.
    std::vector<std::size_t> left = numbers(said_);
    for (const std::size_t line : lines) {
        const std::string_view all = readers_[line];
        if (!all.starts_with(readable)) return std::nullopt;
        std::ranges::copy(numbers(all.substr(readable.size())), std::back_inserter(left));
    }
    std::set<std::size_t> again;
    while (!left.empty()) {
        const std::size_t one = left.back();
        left.pop_back();
        if (again.insert(one).second) std::ranges::copy(numbers(users_[one]), std::back_inserter(left));
    }
    part made;
    bool is_broken = false;
    std::map<std::size_t, action> taken;
    shared_lists lists;
    const auto take = [&](std::size_t index) -> action& {
        const auto [at, is_new] = taken.try_emplace(index);
        if (is_new) {
            unpacker from{actions_[index], words_};
            at->second = unpack_action(from, lists);
            is_broken = is_broken || from.is_broken;
            if (!again.contains(index)) at->second.inputs.clear();
        }
        return at->second;
    };
    const auto take_maker = [&](const auto& from) {
        if (const auto* made_by = std::get_if<output_of>(&from)) take(made_by->action);
    };
    for (const std::size_t index : again) {
        for (const input& in : take(index).inputs) take_maker(in.from);
    }
    for (std::size_t i = 0; i < results_.size(); ++i) {
        unpacker from{results_[i], words_};
        made.what.results.push_back(unpack_result_file(from));
        take_maker(made.what.results.back().from);
        is_broken = is_broken || from.is_broken;
    }
    if (is_broken) return std::nullopt;

    std::map<std::size_t, std::size_t> places; // in the whole plan → in the part
    for (const auto& [index, one] : taken) places.emplace(index, places.size());
    const auto renumber = [&](auto& from) {
        if (auto* made_by = std::get_if<output_of>(&from)) made_by->action = places.at(made_by->action);
    };
    for (result_file& one : made.what.results) renumber(one.from);
    for (auto& [index, one] : taken) {
        for (input& in : one.inputs) renumber(in.from);
        made.known.emplace_back();
        if (!again.contains(index)) {
            const packed_list none;
            unpacker from{outputs_[index], none};
            made.known.back().emplace().ok = true;
            made.known.back()->result = unpack_action_result(from);
            if (from.is_broken) return std::nullopt;
        }
        made.places.push_back(index);
        made.what.actions.push_back(std::move(one));
    }
    return made;
}

std::string last_build::take(part& built, const outcome& done) const {
    word_numbers none;
    std::map<std::size_t, std::string> fresh; // by action of the whole plan
    std::vector<std::size_t> said;
    std::map<std::string_view, base::sha256> own; // of the application's files, by path
    for (std::size_t i = 0; i < built.places.size(); ++i) {
        if (built.known[i]) continue;
        const action_outcome& one = done.actions[i];
        packer to{none};
        pack(to, one.result);
        fresh.emplace(built.places[i], std::move(to.bytes));
        if (!one.result.standard_error.empty()) said.push_back(built.places[i]);
        for (std::size_t k = 0; k < one.inputs.size(); ++k) {
            const input& in = built.what.actions[i].inputs[k];
            if (is_own(in)) own.emplace(std::string_view{in.path}.substr(own_place.size()), one.inputs[k].hash);
        }
    }
    std::vector<std::string_view> outputs;
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
        const auto at = fresh.find(i);
        outputs.push_back(at == fresh.end() ? outputs_[i] : at->second);
    }
    std::vector<std::string> hashes;
    for (std::size_t i = 0; i < bundles_.size(); ++i) {
        unpacker from{bundles_[i], words_};
        bundle_documents all = unpack_documents(from);
        std::vector<base::sha256> sources;
        unpacker known{hashes_[i], words_};
        unpacker_of_similar paths{from};
        from.list([&] {
            const auto at = own.find(paths.next());
            const bool is_folder = from.number() != 0;
            sources.push_back(known.hash());
            if (at != own.end() && !is_folder) sources.back() = at->second;
        });
        hashes.push_back(packed_hashes(sources));
        add_documents(built.what, done, std::move(all), sources);
    }
    return write_state(plan_hash_, outputs, said, hashes);
}

} // namespace uk::build
