// Objects that the tests put on tokens: certificates, keys, seals.
#pragma once

#include <string_view>

#include "base/bytes.hpp"
#include "practice/writer.hpp"

namespace ukey::ops::test {

using practice::Template;
using practice::Writer;

/// The DER of a self-signed certificate of a practice unit on key `which`, good on 22 November
/// 2026, for signing or for encryption.
base::Bytes unit_certificate(int which = 0, bool signs = true);

void put_certificate(Writer& writer, std::string_view label, std::string_view id,
                     const base::Bytes& der);

/// Key `which`: as a private key or as a public one.
void put_key(Writer& writer, bool hidden, std::string_view id, int which);

void put_data(Writer& writer, std::string_view label, const base::Bytes& value,
              bool hidden = false);

base::Bytes picture();
base::Bytes octets(std::string_view text);

/// Everything that a master has: two certificates with their keys, and three seals.
void make_master(Writer& writer, bool hidden_seals = false);

}  // namespace ukey::ops::test
