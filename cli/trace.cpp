#include "cli/trace.hpp"

namespace uk::cli {

using base::json;

std::string event_line(const build::event& what) {
    using type = build::event::type;
    static constexpr const char* kinds[] = {"started", "ended", "cached", "fetched", "failed"};
    const build::action& a = *what.what;
    json line{{"event", kinds[static_cast<int>(what.kind)]},
              {"action", a.label},
              {"component", a.component},
              {"variant", a.variant},
              {"done", what.done},
              {"total", what.total},
              {"worker", what.worker}};
    if (what.kind != type::started) line["microseconds"] = what.took.count();
    if (what.is_remote && what.kind != type::started) line["remote"] = true;
    return line.dump() + "\n";
}

void trace::add(const build::event& what) {
    using type = build::event::type;
    if (first_ == std::chrono::steady_clock::time_point{}) first_ = what.begin;
    if (what.kind == type::started) return;
    const auto since = std::chrono::duration_cast<std::chrono::microseconds>(what.begin - first_).count();
    static constexpr const char* results[] = {"", "ran", "cached", "fetched", "failed"};
    const char* result =
        what.is_remote && what.kind == type::finished ? "ran remotely" : results[static_cast<int>(what.kind)];
    const build::action& a = *what.what;
    events_.push_back({{"name", build::name_of(a)},
                       {"cat", "action"},
                       {"ph", "X"},
                       {"ts", since},
                       {"dur", what.took.count()},
                       {"pid", 1},
                       {"tid", what.worker},
                       {"args", {{"component", a.component}, {"variant", a.variant}, {"result", result}}}});
}

std::string trace::text() const { return json{{"traceEvents", events_}, {"displayTimeUnit", "ms"}}.dump(1) + "\n"; }

} // namespace uk::cli
