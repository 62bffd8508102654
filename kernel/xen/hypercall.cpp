#include <xen/hypercall.hpp>

#include <x86_64/cpu.hpp>

namespace uk::xen {
namespace {

enum class instruction { unknown, vmcall, vmmcall };
constinit instruction by = instruction::unknown;

/// AMD's and Hygon's processors have vmmcall (AMD APM volume 3), all others Intel's vmcall (SDM volume 3, 30.3).
instruction choose() {
    constexpr std::uint32_t amd = 0x68747541, hygon = 0x6f677948; // "Auth", "Hygo": how the vendor's name begins
    const std::uint32_t vendor = x86_64::cpuid(0).ebx;
    return vendor == amd || vendor == hygon ? instruction::vmmcall : instruction::vmcall;
}

// hvm/hvm_op.h: struct xen_hvm_param.
struct hvm_param {
    std::uint16_t domain;
    std::uint16_t reserved;
    std::uint32_t index;
    std::uint64_t value;
};

} // namespace

long hypercall(call number, std::uint64_t command, void* what) {
    if (by == instruction::unknown) by = choose();
    long result;
    if (by == instruction::vmmcall) {
        asm volatile("vmmcall" : "=a"(result), "+D"(command), "+S"(what) : "a"(number) : "memory");
    } else {
        asm volatile("vmcall" : "=a"(result), "+D"(command), "+S"(what) : "a"(number) : "memory");
    }
    return result;
}

std::uint64_t get(parameter which) {
    hvm_param p{this_domain, 0, static_cast<std::uint32_t>(which), 0};
    return hypercall(call::hvm_op, hvm_get_param, &p) == 0 ? p.value : 0;
}

void set(parameter which, std::uint64_t value) {
    hvm_param p{this_domain, 0, static_cast<std::uint32_t>(which), value};
    hypercall(call::hvm_op, hvm_set_param, &p);
}

} // namespace uk::xen
