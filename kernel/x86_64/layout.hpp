// Places that the linker layout of the target names (recipes/kvm, recipes/xen: layout.ld), all page-aligned.
#pragma once

extern "C" {
extern const char uk_text_begin, uk_text_end;
extern const char uk_constants_begin, uk_constants_end;
extern const char uk_stacks_begin, uk_stacks_end; ///< pairs of a guard page and a stack page; data follows
extern const char uk_image_end;

using uk_constructor = void (*)();
extern const uk_constructor uk_constructors_begin[], uk_constructors_end[];
}
