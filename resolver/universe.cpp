#include "resolver/universe.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <set>
#include <unordered_map>

#include "base/text.hpp"

namespace uk::resolver::facts {

using base::fail;
using base::result;
using base::status;

namespace {

constexpr std::size_t most_alternatives = 1000;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

void words_of(std::string_view line, std::vector<std::string_view>& words) {
    words.clear();
    for (std::size_t i = 0; i < line.size();) {
        while (i < line.size() && is_blank(line[i])) ++i;
        const std::size_t from = i;
        while (i < line.size() && !is_blank(line[i])) ++i;
        if (i > from) words.push_back(line.substr(from, i - from));
    }
}

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    words_of(line, words);
    return words;
}

struct line {
    std::string_view text;
    int number;
};

class parser {
  public:
    explicit parser(const std::string& file) {
        made_.file = file;
        made_.sets_options = made_.has_odd_versions = false;
        here_.file = file;
    }

    result<universe> parse(std::string_view text) {
        std::vector<line> block;
        int number = 0;
        std::size_t comment = text.find('#');
        for (std::size_t from = 0, end = 0; from < text.size(); from = end + 1) {
            end = std::min(text.find('\n', from), text.size());
            if (comment < from) comment = text.find('#', from);
            const std::string_view one = base::trim(text.substr(from, std::min(end, comment) - from));
            ++number;
            if (one.empty()) continue;
            if (is_head(one)) {
                CHECK(read_block(block));
                block.clear();
            } else if (block.empty()) {
                return fail(status::input, at({one, number}),
                            "expected a block: component, signature, target or request");
            }
            block.push_back({one, number});
        }
        CHECK(read_block(block));
        take_group();
        CHECK(finish());
        return std::move(made_);
    }

  private:
    static bool is_head(std::string_view text) {
        static constexpr std::string_view verbs[] = {"component", "signature", "target", "request"};
        for (const std::string_view verb : verbs)
            if (text[0] == verb[0] && text.starts_with(verb))
                return text.size() == verb.size() || text[verb.size()] == ' ' || text[verb.size()] == '\t';
        return false;
    }

    const base::place& at(const line& one) {
        here_.line = one.number;
        return here_;
    }

    result<void> read_block(const std::vector<line>& block) {
        if (block.empty()) return {};
        const line& head = block.front();
        words_of(head.text, head_);
        const std::vector<std::string_view>& words = head_;
        if (words.size() < 2 || !is_name(words[1]))
            return fail(status::input, at(head), "expected a name behind `{}`", words[0]);
        if (words[0] == "component") return read_component(block, words);
        if (words[0] == "signature") return read_signature(block, words);
        if (words[0] == "target") return read_target(block, words);
        return read_request(block, words);
    }

    static bool is_name(std::string_view text) {
        return !text.empty() && is_first(text[0]) && std::ranges::all_of(text, is_good);
    }
    static bool is_first(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
    static bool is_good(char c) { return is_first(c) || c == '-' || c == '.' || c == '_' || c == '+'; }

    // `when …: verb rest`, with or without the condition.
    struct fact {
        std::string_view when, verb, rest;
    };
    static fact fact_of(const line& one) {
        fact made{};
        std::string_view text = one.text;
        if (text.starts_with("when ")) {
            const std::size_t colon = text.find(':');
            made.when = base::trim(text.substr(5, colon - 5));
            text = colon == std::string_view::npos ? "" : base::trim(text.substr(colon + 1));
        }
        made.verb = text.substr(0, text.find(' '));
        made.rest = base::trim(text.substr(made.verb.size()));
        return made;
    }

    // `checksum ^1`
    result<void> read_plain_choice(choice& one, std::string_view text, const line& where) {
        const std::size_t space = std::min(text.find(' '), text.size());
        one.name = text.substr(0, space);
        if (!is_name(one.name)) return fail(status::input, at(where), "expected a name instead of `{}`", one.name);
        const std::string_view versions = base::trim(text.substr(space));
        if (!versions.empty()) one.versions = TRY(read_requirement(versions, where));
        return {};
    }

    result<choice> read_choice(std::string_view text, const line& where) {
        choice one;
        std::string_view options;
        if (const auto brace = text.find('{'); brace != std::string_view::npos) {
            const auto end = text.find('}', brace);
            if (end == std::string_view::npos || !base::trim(text.substr(end + 1)).empty())
                return fail(status::input, at(where), "expected `}}` behind the options of `{}`", text);
            options = text.substr(brace + 1, end - brace - 1);
            text = text.substr(0, brace);
        }
        CHECK(read_plain_choice(one, base::trim(text), where));
        if (options.empty() || base::trim(options).empty()) return one;
        for (const std::string_view part : base::split(options, ',')) {
            const auto equals = part.find('=');
            if (equals == std::string_view::npos)
                return fail(status::input, at(where), "expected `option = value` instead of `{}`", base::trim(part));
            made_.sets_options = true;
            one.options.emplace_back(base::trim(part.substr(0, equals)), base::trim(part.substr(equals + 1)));
        }
        return one;
    }

    // The same text is read once: what was read is shared.
    result<registry::requirement> read_requirement(std::string_view text, const line& where) {
        if (const auto known = requirements_.find(text); known != requirements_.end()) return known->second;
        auto read = TRY(registry::parse_requirement(text, at(where)));
        return requirements_.emplace(text, std::move(read)).first->second;
    }

    result<require> read_require(std::string_view text, std::string_view when, const line& where,
                                 const std::vector<registry::declaration>& options) {
        require one{.choices = {}, .when = TRY(read_when(when, where, options)), .line = where.number};
        const auto bars = static_cast<std::size_t>(std::ranges::count(text, '|'));
        if (bars >= most_alternatives)
            return fail(status::input, at(where), "a line has at most {} alternatives", most_alternatives);
        std::vector<choice> choices;
        choices.reserve(bars + 1);
        for (bool more = true; more;) {
            const std::size_t end = text.find('|');
            choices.push_back(TRY(read_choice(base::trim(text.substr(0, end)), where)));
            more = end != std::string_view::npos;
            if (more) text.remove_prefix(end + 1);
        }
        one.choices = std::move(choices);
        return one;
    }

    // `requires checksum ^1`, as most lines are, with a requirement that was read before. False: read it with more care.
    bool take_plain(std::string_view text, int number, std::vector<require>& into) {
        if (!text.starts_with("requires ")) return false;
        text.remove_prefix(9);
        std::size_t end = 0;
        while (end < text.size() && is_good(text[end])) ++end;
        if (end == 0 || end == text.size() || end + 1 == text.size() || text[end] != ' ' || !is_first(text[0]))
            return false;
        const std::string_view asked = text.substr(end + 1);
        auto*& known = recent_[(asked.size() * 37 + static_cast<unsigned char>(asked.back()) * 8 +
                                static_cast<unsigned char>(asked.front())) %
                               recent_.size()];
        if (!known || known->first != asked) {
            const auto at = requirements_.find(asked);
            if (at == requirements_.end()) return false;
            known = &*at;
        }
        require& made = into.emplace_back();
        made.choices.front().name.assign(text.data(), end);
        made.choices.front().versions = known->second;
        made.line = number;
        return true;
    }

    result<registry::condition> read_when(std::string_view text, const line& where,
                                          const std::vector<registry::declaration>& options) {
        if (text.empty()) return registry::condition{};
        return registry::parse_condition(text, options, at(where));
    }

    result<need> read_need(std::string_view text, std::string_view when, const line& where,
                           const std::vector<registry::declaration>& options) {
        const auto colon = text.find(':');
        if (colon == std::string_view::npos)
            return fail(status::input, at(where), "expected `label: signature` behind `needs`");
        need one{.label = std::string{base::trim(text.substr(0, colon))},
                 .signature = {},
                 .when = TRY(read_when(when, where, options)),
                 .line = where.number};
        std::string_view rest = base::trim(text.substr(colon + 1));
        if (rest.ends_with(" optional")) {
            one.optional = true;
            rest = base::trim(rest.substr(0, rest.size() - 9));
        }
        one.signature = TRY(read_choice(rest, where));
        return one;
    }

    result<equation> read_equation(std::string_view text, char separator, const line& where) {
        const auto middle = text.find(separator);
        if (middle == std::string_view::npos)
            return fail(status::input, at(where), "expected `{}` in `{}`", separator, text);
        return equation{std::string{base::trim(text.substr(0, middle))},
                        std::string{base::trim(text.substr(middle + 1))}, where.number};
    }

    // `nic1 = virtio-net with index`
    result<named_instance> read_instance(std::string_view text, const line& where) {
        const equation pair = TRY(read_equation(text, '=', where));
        const auto words = words_of(pair.right);
        if (words.empty() || !is_name(words[0]) || (words.size() > 1 && (words[1] != "with" || words.size() == 2)))
            return fail(status::input, at(where), "expected a component, and perhaps `with` and names of settings");
        named_instance made{pair.left, std::string{words[0]}, {}, where.number};
        for (std::size_t i = 2; i < words.size(); ++i) made.told.emplace_back(words[i]);
        return made;
    }

    // `ipv6: bool = false`, `buffers: int 1..64 = 8`, `mode: enum small fast = fast`
    result<registry::declaration> read_option(std::string_view text, const line& where) {
        const auto colon = text.find(':'), equals = text.find('=');
        if (colon == std::string_view::npos || equals == std::string_view::npos || equals < colon)
            return fail(status::input, at(where), "expected `name: type = default` behind `option`");
        registry::declaration one;
        one.name = base::trim(text.substr(0, colon));
        one.where = at(where);
        const auto type = words_of(text.substr(colon + 1, equals - colon - 1));
        using kind = registry::value_type;
        static constexpr std::pair<std::string_view, kind> kinds[] = {
            {"bool", kind::boolean}, {"enum", kind::choice},        {"int", kind::integer},
            {"size", kind::size},    {"duration", kind::duration},  {"text", kind::text},
            {"ipv4", kind::ipv4},    {"ipv4-cidr", kind::ipv4_cidr}};
        const auto known =
            std::ranges::find_if(kinds, [&](const auto& k) { return !type.empty() && k.first == type[0]; });
        if (known == std::end(kinds))
            return fail(status::input, at(where),
                        "the type of `{}` must be bool, enum, int, size, duration, text, ipv4 or ipv4-cidr", one.name);
        one.type = known->second;
        if (one.type == kind::choice) one.choices.assign(type.begin() + 1, type.end());
        if (type.size() == 2 && (one.type == kind::integer || one.type == kind::size || one.type == kind::duration)) {
            const auto dots = type[1].find("..");
            registry::declaration bound = one;
            const auto read = [&](std::string_view number) -> result<std::int64_t> {
                return std::get<std::int64_t>(TRY(registry::read_value(bound, scalar(number, where))));
            };
            if (dots == std::string_view::npos) return fail(status::input, at(where), "expected a range such as 1..64");
            one.least = TRY(read(type[1].substr(0, dots)));
            one.most = TRY(read(type[1].substr(dots + 2)));
        }
        one.fallback = TRY(registry::read_value(one, scalar(base::trim(text.substr(equals + 1)), where)));
        return one;
    }

    base::yaml::node scalar(std::string_view text, const line& where) {
        return {.kind = base::yaml::node::type::scalar,
                .where = at(where),
                .text = std::string{text},
                .items = {},
                .entries = {}};
    }

    base::error unexpected(std::string_view word, const line& where) {
        return fail(status::input, at(where), "`{}` is no fact that can stand here", word);
    }

    result<void> read_component(const std::vector<line>& block, const std::vector<std::string_view>& head) {
        if (head.size() < 3) return fail(status::input, at(block[0]), "expected a version behind `{}`", head[1]);
        if (group_.empty() || group_.front().name != head[1]) take_group();
        component& made = group_.emplace_back();
        made.name = head[1];
        made.id = TRY(registry::parse_version(head[2], at(block[0])));
        made.line = block[0].number;
        for (const std::string_view word : std::span{head}.subspan(3)) {
            if (word == "yanked") made.yanked = made.line;
            else return unexpected(word, block[0]);
            made_.has_odd_versions = true;
        }
        std::size_t required = 0;
        for (const line& one : block) {
            required += one.text[0] == 'r';
            if (one.text[0] == 'o' && one.text.starts_with("option "))
                made.options.push_back(TRY(read_option(one.text.substr(7), one)));
        }
        made.requires_.reserve(required);
        for (const line& one : std::span{block}.subspan(1)) {
            if (take_plain(one.text, one.number, made.requires_)) continue;
            const auto [when, verb, rest] = fact_of(one);
            if (verb == "provides" || verb == "singleton" || verb == "setting") made_.has_odd_versions = true;
            if (verb == "requires") made.requires_.push_back(TRY(read_require(rest, when, one, made.options)));
            else if (verb == "conflicts") made.conflicts.push_back(TRY(read_require(rest, when, one, made.options)));
            else if (verb == "needs") made.needs.push_back(TRY(read_need(rest, when, one, made.options)));
            else if (verb == "absent") made.absent.push_back({TRY(read_when(when, one, made.options)), one.number});
            else if (verb == "over") made.over.push_back(TRY(read_require(rest, when, one, made.options)));
            else if (verb == "singleton" && when.empty()) made.singleton = true;
            else if (verb == "setting" && when.empty()) made.settings.push_back({std::string{rest}, one.number});
            else if (verb == "provides") {
                const auto words = words_of(rest);
                if (words.size() != 2) return fail(status::input, at(one), "expected a signature and a version");
                made.provides.push_back({std::string{words[0]},
                                         TRY(registry::parse_signature_version(words[1], at(one))),
                                         TRY(read_when(when, one, made.options)), one.number});
            } else if (verb != "option" || !when.empty()) return unexpected(verb, one);
        }
        return {};
    }

    result<void> read_signature(const std::vector<line>& block, const std::vector<std::string_view>& head) {
        if (head.size() < 3) return fail(status::input, at(block[0]), "expected a version behind `{}`", head[1]);
        signature made{.name = std::string{head[1]},
                       .id = TRY(registry::parse_signature_version(head[2], at(block[0]))),
                       .requires_ = {},
                       .line = block[0].number};
        for (std::size_t i = 3; i < head.size(); ++i) {
            if (head[i] == "exclusive") made.exclusive = true;
            else if (head[i] == "scope" && i + 1 < head.size() && head[i + 1] == "image") made.image_scope = true, ++i;
            else return unexpected(head[i], block[0]);
        }
        for (const line& one : std::span{block}.subspan(1)) {
            if (!one.text.starts_with("requires ")) return unexpected(words_of(one.text).front(), one);
            made.requires_.push_back(TRY(read_require(base::trim(one.text.substr(9)), {}, one, {})));
        }
        made_.signatures[made.name].push_back(std::move(made));
        return {};
    }

    result<void> read_target(const std::vector<line>& block, const std::vector<std::string_view>& head) {
        target made{
            .name = std::string{head[1]}, .architecture = "x86_64", .family = "unikernel", .line = block[0].number};
        for (const std::string_view word : std::span{head}.subspan(2)) {
            if (word.starts_with("arch=")) made.architecture = word.substr(5);
            else if (word.starts_with("family=")) made.family = word.substr(7);
            else return unexpected(word, block[0]);
        }
        for (const line& one : std::span{block}.subspan(1)) {
            const auto [when, verb, rest] = fact_of(one);
            if (verb == "requires") made.requires_.push_back(TRY(read_require(rest, when, one, {})));
            else if (verb == "device") made.devices.push_back(TRY(read_instance(rest, one)));
            else if (verb == "prefers") made.prefers.push_back(TRY(read_equation(rest, ':', one)));
            else return unexpected(verb, one);
        }
        if (!made_.targets.emplace(made.name, made).second)
            return fail(status::input, at(block[0]), "there are two targets `{}`", made.name);
        return {};
    }

    result<void> read_request(const std::vector<line>& block, const std::vector<std::string_view>& head) {
        request made{.target = std::string{head[1]}, .line = block[0].number};
        for (const std::string_view word : std::span{head}.subspan(2)) {
            if (word.starts_with("profile=")) made.profile = word.substr(8);
            else return unexpected(word, block[0]);
        }
        made.lock.reserve(static_cast<std::size_t>(
            std::ranges::count_if(block, [](const line& one) { return one.text.starts_with("locked "); })));
        for (const line& one : std::span{block}.subspan(1)) {
            const auto [when, verb, rest] = fact_of(one);
            if (verb == "locked") made.lock.push_back(TRY(read_locked(rest, one))); // most of a long request's
            else if (verb == "requires") made.requires_.push_back(TRY(read_require(rest, when, one, {})));
            else if (verb == "forbid") made.conflicts.push_back(TRY(read_require(rest, when, one, {})));
            else if (verb == "needs") made.needs.push_back(TRY(read_need(rest, when, one, {})));
            else if (verb == "over") made.over.push_back(TRY(read_require(rest, when, one, {})));
            else if (verb == "instance") made.instances.push_back(TRY(read_instance(rest, one)));
            else if (verb == "use") made.uses.push_back(TRY(read_equation(rest, '=', one)));
            else if (verb == "same") made.same.push_back(TRY(read_equation(rest, '=', one)));
            else if (verb == "set") made.sets.push_back(TRY(read_equation(rest, '=', one)));
            else if (verb == "minimal-versions" && rest.empty()) made.minimal_versions = true;
            else if (verb == "update") {
                for (const std::string_view word : words_of(rest)) made.update.emplace_back(word);
            } else return unexpected(verb, one);
        }
        made_.requests.push_back(std::move(made));
        return {};
    }

    result<locked> read_locked(std::string_view text, const line& where) {
        if (text.find('=') == std::string_view::npos) {
            words_of(text, locked_);
            if (locked_.size() != 2)
                return fail(status::input, at(where), "expected a name and a version behind `locked`");
            CHECK(registry::parse_version(locked_[1], at(where)));
            return locked{locked::type::component, std::string{locked_[0]}, std::string{locked_[1]}, where.number};
        }
        equation pair = TRY(read_equation(text, '=', where));
        const auto kind = pair.left.find(": ") == std::string::npos ? locked::type::wiring : locked::type::alternative;
        return locked{kind, std::move(pair.left), std::move(pair.right), where.number};
    }

    // The versions of a component mostly stand together: they are put in order, and given the room that they need, at once.
    void take_group() {
        if (group_.empty()) return;
        const auto older = [](const component& a, const component& b) { return a.id < b.id; };
        std::vector<component>& all = made_.components[group_.front().name];
        if (!all.empty()) {
            is_in_order_ = false;
            std::ranges::move(group_, std::back_inserter(all));
        } else if (std::ranges::adjacent_find(group_, std::not_fn(older)) == group_.end()) {
            all.assign(std::move_iterator{group_.rbegin()}, std::move_iterator{group_.rend()});
        } else {
            is_in_order_ = is_in_order_ && std::ranges::adjacent_find(group_, std::not_fn(newer)) == group_.end();
            all.assign(std::move_iterator{group_.begin()}, std::move_iterator{group_.end()});
        }
        group_.clear();
    }

    static constexpr auto newer = [](const auto& a, const auto& b) { return a.id > b.id; };

    // Newest first; a version that is only provided is there as well.
    result<void> finish() {
        for (auto& [name, versions] : made_.components) {
            if (!is_in_order_) std::ranges::stable_sort(versions, newer);
            const auto twice = is_in_order_ ? versions.end() : std::ranges::adjacent_find(versions, {}, &component::id);
            if (twice != versions.end())
                return fail(status::input, {made_.file, twice[1].line, 0}, "`{} {}` is there already", name,
                            twice->id.text())
                    .add({"first here", "", {made_.file, twice->line, 0}});
            if (made_.signatures.contains(name))
                return fail(status::input, {made_.file, versions.front().line, 0},
                            "`{}` is a component and a signature as well", name);
            const auto target = made_.targets.find(name);
            if (target != made_.targets.end() && !target->second.requires_.empty())
                return fail(status::input, {made_.file, target->second.requires_.front().line, 0},
                            "`{}` is a component as well: what it requires stands there", name);
        }
        std::set<std::string> declared;
        for (const auto& [name, versions] : made_.signatures) declared.insert(name);
        for (const auto& [name, versions] : made_.components) {
            if (!made_.has_odd_versions) break;
            for (const component& one : versions) {
                for (const provide& each : one.provides) {
                    if (declared.contains(each.signature)) continue;
                    made_.signatures[each.signature].push_back(
                        {.name = each.signature, .id = each.version, .requires_ = {}, .line = each.line});
                }
            }
        }
        for (auto& [name, versions] : made_.signatures) {
            std::ranges::stable_sort(versions, newer);
            if (declared.contains(name)) continue;
            const auto again = std::ranges::unique(versions, {}, &signature::id);
            versions.erase(again.begin(), again.end());
        }
        for (const request& one : made_.requests) {
            if (!made_.targets.contains(one.target))
                return fail(status::input, {made_.file, one.line, 0}, "there is no target `{}`", one.target);
        }
        return {};
    }

    universe made_;
    base::place here_; ///< of the line that is being read
    std::vector<std::string_view> head_; ///< its words, where it opens a block
    std::vector<std::string_view> locked_; ///< or is one of a lock
    std::vector<component> group_; ///< versions of one component, as they stand there
    bool is_in_order_ = true; ///< the versions of each component, and none is there twice
    std::unordered_map<std::string_view, registry::requirement> requirements_;
    std::array<std::pair<const std::string_view, registry::requirement>*, 1024>
        recent_{}; ///< of these, by a few letters
};

} // namespace

result<universe> parse_universe(std::string_view text, const std::string& file) { return parser{file}.parse(text); }

} // namespace uk::resolver::facts
