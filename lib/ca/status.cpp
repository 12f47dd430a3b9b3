#include "ca/status.hpp"

#include <openssl/cmp.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "ca/collection.hpp"

namespace ukey::ca {

namespace {

/// Bits of PKIFailureInfo, bit 0 first.
constexpr std::array<std::string_view, OSSL_CMP_PKIFAILUREINFO_MAX + 1> kFailures{
    "badAlg",
    "badMessageCheck",
    "badRequest",
    "badTime",
    "badCertId",
    "badDataFormat",
    "wrongAuthority",
    "incorrectData",
    "missingTimeStamp",
    "badPOP",
    "certRevoked",
    "certConfirmed",
    "wrongIntegrity",
    "badRecipientNonce",
    "timeNotAvailable",
    "unacceptedPolicy",
    "unacceptedExtension",
    "addInfoNotAvailable",
    "badSenderNonce",
    "badCertTemplate",
    "signerNotTrusted",
    "transactionIdInUse",
    "unsupportedVersion",
    "notAuthorized",
    "systemUnavail",
    "systemFailure",
    "duplicateCertReq"};

/// Failures to make a message of ours.
constexpr std::array kOurs{CMP_R_ERROR_CREATING_CERTCONF, CMP_R_ERROR_CREATING_ERROR,
                           CMP_R_ERROR_CREATING_POLLREQ, CMP_R_ERROR_PROTECTING_MESSAGE};

/// Refusals, also of a confirmation, which leaves the status as it was.
constexpr std::array kRefusals{CMP_R_RECEIVED_ERROR, CMP_R_REQUEST_REJECTED_BY_SERVER};

/// Answers that are no answer to what was asked.
constexpr std::array kOdd{CMP_R_UNEXPECTED_PKIBODY,      CMP_R_UNEXPECTED_PKISTATUS,
                          CMP_R_UNEXPECTED_PVNO,         CMP_R_UNKNOWN_PKISTATUS,
                          CMP_R_UNKNOWN_CERT_TYPE,       CMP_R_ERROR_PARSING_PKISTATUS,
                          CMP_R_ENCOUNTERED_WAITING,     CMP_R_ENCOUNTERED_KEYUPDATEWARNING,
                          CMP_R_BAD_REQUEST_ID,          CMP_R_BAD_CHECKAFTER_IN_POLLREP,
                          CMP_R_CHECKAFTER_OUT_OF_RANGE, CMP_R_CERTIFICATE_NOT_FOUND,
                          CMP_R_CERTRESPONSE_NOT_FOUND,  CMP_R_MULTIPLE_RESPONSES_NOT_SUPPORTED};

/// Answers whose protection, sender, nonce or transaction is wrong; an unexpected sender has none.
constexpr std::array kForeign{CMP_R_ERROR_VALIDATING_PROTECTION, CMP_R_ERROR_VALIDATING_SIGNATURE,
                              CMP_R_MISSING_PROTECTION, CMP_R_RECIPNONCE_UNMATCHED,
                              CMP_R_TRANSACTIONID_UNMATCHED};

/// What the CMP part of OpenSSL has queued since the last message went out; it empties the queue
/// itself before each.
std::vector<int> reasons() {
  std::vector<int> out;
  for (auto code = ERR_get_error(); code != 0; code = ERR_get_error())
    if (ERR_GET_LIB(code) == ERR_LIB_CMP) out.push_back(ERR_GET_REASON(code));
  return out;
}

template <typename List>
bool any_in(const std::vector<int>& found, const List& list) {
  return std::find_first_of(found.begin(), found.end(), list.begin(), list.end()) != found.end();
}

void join(std::string& text, std::string_view more) {
  if (!text.empty()) text += ", ";
  text += more;
}

std::string words_of(const OSSL_CMP_CTX* context) {
  std::string words;
  const auto* lines = OSSL_CMP_CTX_get0_statusString(context);
  for (int i = 0; i < sk_ASN1_UTF8STRING_num(lines); ++i) {
    const auto* line = sk_ASN1_UTF8STRING_value(lines, i);
    join(words, cleaned({ASN1_STRING_get0_data(line),
                         static_cast<std::size_t>(ASN1_STRING_length(line))}));
  }
  const int bits = OSSL_CMP_CTX_get_failInfoCode(context);
  std::string failures;
  for (std::size_t bit = 0; bits > 0 && bit < kFailures.size(); ++bit)
    if ((bits >> bit & 1) != 0) join(failures, kFailures[bit]);
  if (words.empty()) return failures.empty() ? "rejection" : failures;
  return cleaned(base::as_bytes(failures.empty() ? words : words + " (" + failures + ")"));
}

}  // namespace

base::Error status_error(const ossl_cmp_ctx_st* context, const std::string& url, int answers) {
  using base::Code;
  const auto found = reasons();
  if (answers == 0 || any_in(found, kOurs)) return base::Error{Code::bug, "CMP"};
  const auto foreign = base::Error{Code::ca_refused, url}.because(base::Cause::foreign_answer);
  if (any_in(found, kForeign)) return foreign;
  const int status = OSSL_CMP_CTX_get_status(context);
  if (status == OSSL_CMP_PKISTATUS_rejection || any_in(found, kRefusals))
    return base::Error{Code::ca_refused, words_of(context)};
  if (any_in(found, kOdd)) return not_understood();
  if (status == OSSL_CMP_PKISTATUS_waiting) {
    const int limit = OSSL_CMP_CTX_get_option(context, OSSL_CMP_OPT_TOTAL_TIMEOUT);
    return base::Error{Code::ca_unreachable, url + " (" + std::to_string(limit) + " s)"}.because(
        base::Cause::ca_waits);
  }
  return foreign;
}

}  // namespace ukey::ca
