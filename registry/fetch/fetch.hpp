// What uk-fetch does. Both return "" or one line of why not; neither throws.
#pragma once

#include <cstdint>
#include <string>

namespace uk::registry {

/// https only, http for this machine alone; at most 5 redirects, `limit` bytes, `silence` seconds without a byte. What may
/// pass by itself (no connection, a cut body, 429 and 5xx) is tried three times. $SSL_CERT_FILE: other authorities.
std::string download(const std::string& url, const std::string& file, std::int64_t limit, long silence);

/// Regular files, folders, and links to files inside (as copies). Anything that points or lies outside, appears twice, is a
/// device, or is too much (512 MiB or 20 times the archive, 100,000 entries) refuses the whole archive. Modes become 0644
/// or 0755. A single top folder is stripped.
std::string unpack(const std::string& archive, const std::string& folder);

} // namespace uk::registry
