// Two needs of one signature with settings of their own are two instances.
// needs: first: {signature: store.kv ^0.1, use: embedded-files, with: {root: one}}
// needs: second: {signature: store.kv ^0.1, use: embedded-files, with: {root: two}}
// folder: one
// folder: two
// expect-text: 4 6
#include <uk/needs.hpp>
#include <uk/platform.hpp>

uk::result<void> run(needs::first& first, needs::second& second) {
    const auto a = first.find("same"), missing = first.find("other");
    const auto b = second.find("same"), c = second.find("other");
    if (!a || !b || !c || missing) return uk::ended(1);
    const char text[] = {static_cast<char>('0' + first.size(*a)), ' ', static_cast<char>('0' + second.size(*b)), '\n'};
    uk::platform::write_text({text, sizeof text});
    return {};
}
