#include "registry/yanked.hpp"

#include "base/file.hpp"
#include "registry/fields.hpp"

namespace uk::registry {

base::result<std::map<version, yank>> read_yanked(const std::filesystem::path& folder, const std::string& shown) {
    std::map<version, yank> found;
    const auto file = folder / "yanked.yaml";
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) return found;
    const std::string text = TRY(base::read_file(file, std::size_t{1} << 20));
    const node read = TRY(base::yaml::parse(text, shown));
    problems wrong;
    if (!read.is_mapping()) wrong.add(read.where, "expected versions, each with why it is yanked: `1.2.3: reason`");
    for (const auto& [key, value] : read.entries) {
        const auto id = wrong.keep(parse_version(key.text, key.where));
        const std::string reason = value.is_null() ? "" : read_text(value, key.text, wrong);
        if (id && !found.emplace(*id, yank{reason, key.where}).second)
            wrong.add(key.where, "`{}` stands here twice", id->text());
        if (reason.empty() && (value.is_null() || value.is_scalar()))
            wrong.add(key.where, "`{}` needs a reason", key.text);
    }
    if (wrong.any()) return wrong.take();
    return found;
}

} // namespace uk::registry
