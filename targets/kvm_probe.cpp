// Structures and numbers: linux/kvm.h, Documentation/virt/kvm/api.rst. Page tables and registers: Intel SDM volume 3, 4.5.
#include "targets/kvm_probe.hpp"

#include <cstdint>
#include <cstring>
#include <initializer_list>

#include <fcntl.h>
#include <linux/kvm.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace uk::targets {

namespace {

constexpr std::size_t page = 4096;
constexpr std::uint64_t level4 = 1 * page, level3 = 2 * page, level2 = 3 * page, code = 4 * page;
constexpr std::size_t memory_size = 5 * page;
constexpr std::uint64_t present_writable = 3, large = 0x80;

class descriptor {
  public:
    explicit descriptor(int number) : number_{number} {}
    ~descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    int get() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }

  private:
    int number_;
};

class mapping {
  public:
    mapping(std::size_t size, int flags, int file)
        : size_{size}, at_{::mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, file, 0)} {}
    ~mapping() {
        if (*this) ::munmap(at_, size_);
    }
    mapping(const mapping&) = delete;
    mapping& operator=(const mapping&) = delete;
    unsigned char* get() const { return static_cast<unsigned char*>(at_); }
    explicit operator bool() const { return at_ != MAP_FAILED; }

  private:
    std::size_t size_;
    void* at_;
};

void put(unsigned char* memory, std::uint64_t at, std::uint64_t value) {
    std::memcpy(memory + at, &value, sizeof value);
}

// Long mode, flat segments, SSE allowed.
void set_registers(kvm_sregs& s) {
    kvm_segment flat{};
    flat.limit = 0xffffffff;
    flat.present = flat.s = flat.g = 1;
    flat.type = 3;
    flat.selector = 16;
    for (kvm_segment* one : {&s.ds, &s.es, &s.fs, &s.gs, &s.ss}) *one = flat;
    flat.type = 11;
    flat.l = 1;
    flat.selector = 8;
    s.cs = flat;
    s.cr3 = level4;
    s.cr4 = 0x620; // PAE, OSFXSR, OSXMMEXCPT
    s.cr0 = 0x80000033; // PG, NE, ET, MP, PE
    s.efer = 0x500; // LMA, LME
}

} // namespace

bool kvm_works() {
    const descriptor kvm{::open("/dev/kvm", O_RDWR | O_CLOEXEC)};
    if (!kvm || ::ioctl(kvm.get(), KVM_GET_API_VERSION, 0) != KVM_API_VERSION) return false;
    const descriptor machine{::ioctl(kvm.get(), KVM_CREATE_VM, 0)};
    const mapping memory{memory_size, MAP_PRIVATE | MAP_ANONYMOUS, -1};
    if (!machine || !memory) return false;
    put(memory.get(), level4, level3 | present_writable);
    put(memory.get(), level3, level2 | present_writable);
    put(memory.get(), level2, large | present_writable);
    constexpr unsigned char program[] = {0x66, 0x48, 0x0f, 0x6e, 0xc0, 0xf4}; // movq %rax, %xmm0; hlt
    std::memcpy(memory.get() + code, program, sizeof program);

    kvm_userspace_memory_region region{};
    region.memory_size = memory_size;
    region.userspace_addr = reinterpret_cast<std::uintptr_t>(memory.get());
    if (::ioctl(machine.get(), KVM_SET_USER_MEMORY_REGION, &region) != 0) return false;
    const descriptor processor{::ioctl(machine.get(), KVM_CREATE_VCPU, 0)};
    const int run_size = ::ioctl(kvm.get(), KVM_GET_VCPU_MMAP_SIZE, 0);
    if (!processor || run_size <= 0) return false;
    const mapping shared{static_cast<std::size_t>(run_size), MAP_SHARED, processor.get()};
    kvm_sregs special{};
    if (!shared || ::ioctl(processor.get(), KVM_GET_SREGS, &special) != 0) return false;
    set_registers(special);
    kvm_regs general{};
    general.rip = code;
    general.rflags = 2;
    if (::ioctl(processor.get(), KVM_SET_SREGS, &special) != 0 || ::ioctl(processor.get(), KVM_SET_REGS, &general) != 0)
        return false;
    if (::ioctl(processor.get(), KVM_RUN, 0) != 0) return false;
    return reinterpret_cast<const kvm_run*>(shared.get())->exit_reason == KVM_EXIT_HLT;
}

} // namespace uk::targets
