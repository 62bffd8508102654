// What an image says about itself (docs/reference/image-note.md): canonical JSON in an ELF note, owner `uk`, type 1, in a
// section that isn't loaded. `uk inspect` reads it back; run configurations say the same.
#pragma once

#include <string>

#include "base/digest.hpp"
#include "build/compose.hpp"

namespace uk::build {

/// `answer` is the digest of what was resolved: recipes, sources, options, wiring (answer_digest).
std::string image_note(const composition& what, const base::sha256& answer);

/// Digest over everything that the lock says of this variant, so that two images can be told apart by what they are made of.
base::sha256 answer_digest(const resolver::resolution& answer, const std::map<std::string, base::sha256>& trees);

/// The note as assembly.
generated_file note_source(const std::string& note);

} // namespace uk::build
