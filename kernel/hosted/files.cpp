// What components asked for with UK_HOSTED_FILE, opened before the filter forbids it.
#include <uk/hosted/early_file.hpp>
#include <uk/hosted/system_call.hpp>

#include <hosted/process.hpp>

extern "C" {
[[gnu::visibility("hidden")]] extern uk::hosted::early_file __start_uk_hosted_files[], __stop_uk_hosted_files[];
}

void uk::hosted::open_files() {
    for (early_file* f = __start_uk_hosted_files; f != __stop_uk_hosted_files; ++f)
        f->descriptor = static_cast<std::int32_t>(system_call(call::open, f->path, static_cast<long>(f->how), 0L));
}
