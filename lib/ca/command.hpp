// Asks a CA by a program of the site: the request goes in, certificates come out. It refuses the
// shell, and passes on neither a PIN nor a person's number.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "ca/request.hpp"

namespace ukey::ca {

/// Runs the words `argv` ("{serial}" replaced by the token's serial) with the request in PEM as
/// stdin and the path of a private JSON file of facts in UKEY_FACTS; the file is gone afterwards.
/// The answer is what it prints: PEM, DER or PKCS#7, at most 16 MiB.
///
/// Throws ca_refused when it ends with another status than 0 (subject: the last line it wrote to
/// stderr, else its name) or prints no certificate; ca_unreachable (subject: its name) at the time
/// limit, when its whole process group is killed; file_io when it cannot be started; bad_input for
/// a serial that could be an option or a path.
[[nodiscard]] Answer ask_command(const std::vector<std::string>& argv, std::chrono::seconds limit,
                                 const Request& request);

/// The JSON of UKEY_FACTS: schema, token, holder, ca, role, years (null when none is asked for),
/// old (serial, not_after, sha256, pem), request_sha256.
[[nodiscard]] std::string facts_json(const Request& request);

}  // namespace ukey::ca
