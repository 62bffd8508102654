#include <memory/ram.hpp>

namespace uk::memory {
namespace {

constexpr std::uint64_t page = 4096;

range whole_pages(range r) {
    if (r.begin > ~std::uint64_t{0} - page) return {};
    return {(r.begin + page - 1) & ~(page - 1), r.end & ~(page - 1)};
}

/// The largest free range in `r`: around each taken range that cuts it, only the larger side is looked at. With a handful
/// of ranges at the ends, which is what loaders leave, that is the answer; with more it is still free memory.
range cut(range r, std::span<const range> taken) {
    for (const range t : taken) {
        if (t.size() == 0 || t.begin >= r.end || t.end <= r.begin) continue;
        const range below{r.begin, t.begin}, above{t.end, r.end};
        r = below.size() > above.size() ? below : above;
    }
    return whole_pages(r);
}

} // namespace

range largest_free(std::span<const range> ram, std::span<const range> taken) {
    range best;
    for (const range r : ram)
        if (const range free = cut(r, taken); free.size() > best.size()) best = free;
    return best;
}

} // namespace uk::memory
