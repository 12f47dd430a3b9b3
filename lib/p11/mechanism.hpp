// What a token can compute: its mechanisms with names and uses. A vendor's numbers are named by the
// token's profile only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/object.hpp"
#include "p11/module.hpp"

namespace ukey::p11 {

/// "CKM_…" for a mechanism of PKCS#11 v3.0; "" for a vendor's and for any other number.
[[nodiscard]] std::string mechanism_name(unsigned long number);

/// The mechanisms of the token in `slot`, in its order: one call for the list (up to 512) and one
/// for each. Unknown numbers are named by `vendor_names`, else "0x…". One whose information fails
/// keeps that as its error. Throws the refusal when the list fails or the token goes; module_broken
/// when the list is not to be believed.
[[nodiscard]] std::vector<model::Mechanism> read_mechanisms(
    const Module& module, unsigned long slot,
    const std::map<unsigned long, std::string>& vendor_names);

}  // namespace ukey::p11
