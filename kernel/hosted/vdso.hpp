// The vDSO: a small ELF library that Linux maps into every process (vdso(7)).
#pragma once

#include <cstdint>
#include <string_view>

namespace uk::hosted {

/// Address of a function of the vDSO at `base`; 0 if there is none of that name.
std::uintptr_t find_in_vdso(std::uintptr_t base, std::string_view name);

} // namespace uk::hosted
