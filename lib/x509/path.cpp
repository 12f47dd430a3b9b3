#include "x509/path.hpp"

#include <algorithm>
#include <tuple>

namespace ukey::x509 {

namespace {

constexpr std::size_t kLongestPath = 10;  // certificates in a path
constexpr int kMostSteps = 2000;          // of a search; trust files may be hostile

bool verifies(X509* certificate, X509* issuer) {
  EVP_PKEY* key = X509_get0_pubkey(issuer);
  return key != nullptr && X509_verify(certificate, key) == 1;
}

/// Where no path is good, the one that got farthest says best what is wrong.
auto rank(const Path& path) {
  const bool good = path.complete && path.signatures;
  return std::tuple{good, good && path.dates, path.complete, path.certificates.size(),
                    path.signatures};
}

class Search {
 public:
  Search(const std::vector<X509Ptr>& trust, base::Time at) : trust_(trust), at_(at) {
    partial_ = std::none_of(trust.begin(), trust.end(),
                            [](const auto& x) { return is_self_signed(x.get()); });
  }

  Path best_from(X509* leaf) {
    Path path;
    path.certificates.push_back(leaf);
    best_ = path;
    walk(path);
    return best_;
  }

 private:
  void walk(Path path) {
    auto* last = path.certificates.back();
    const bool above = path.certificates.size() > 1;
    path.complete = above && (partial_ || is_self_signed(last));
    if (rank(path) > rank(best_)) best_ = path;
    if (path.complete || path.certificates.size() == kLongestPath || ++steps_ > kMostSteps) return;
    for (auto* issuer : issuers_of(last, path)) {
      Path longer = path;
      longer.certificates.push_back(issuer);
      longer.signatures = path.signatures && verifies(last, issuer);
      longer.dates = path.dates && holds_at(issuer, at_);
      walk(std::move(longer));
    }
  }

  std::vector<X509*> issuers_of(X509* certificate, const Path& path) const {
    std::vector<X509*> named;
    std::vector<X509*> keyed;
    for (const auto& candidate : trust_) {
      auto* issuer = candidate.get();
      const auto& used = path.certificates;
      if (std::find(used.begin(), used.end(), issuer) != used.end()) continue;
      if (is_named_by(certificate, issuer)) named.push_back(issuer);
    }
    const auto signed_by = [&](X509* issuer) { return verifies(certificate, issuer); };
    if (named.empty()) {
      for (const auto& candidate : trust_)
        if (!is_self_signed(certificate) && signed_by(candidate.get()))
          keyed.push_back(candidate.get());
      return keyed;
    }
    std::copy_if(named.begin(), named.end(), std::back_inserter(keyed), signed_by);
    return keyed.empty() ? named
                         : keyed;  // a wrong signature is told as such, not as a missing issuer
  }

  /// A self-signed certificate is trusted only by its twin; a missing right to sign is found out
  /// later.
  static bool is_named_by(X509* certificate, X509* issuer) {
    if (is_self_signed(certificate)) return X509_cmp(certificate, issuer) == 0;
    const int answer = X509_check_issued(issuer, certificate);
    return answer == X509_V_OK || answer == X509_V_ERR_KEYUSAGE_NO_CERTSIGN;
  }

  const std::vector<X509Ptr>& trust_;
  base::Time at_;
  bool partial_ = false;
  int steps_ = 0;
  Path best_;
};

}  // namespace

Path find_path(X509* leaf, const std::vector<X509Ptr>& trust, base::Time at) {
  const QuietErrors quiet;
  return Search{trust, at}.best_from(leaf);
}

bool is_self_signed(X509* certificate) { return X509_self_signed(certificate, 0) == 1; }

bool holds_at(const X509* certificate, base::Time at) {
  const auto from = time_of(X509_get0_notBefore(certificate));
  const auto to = time_of(X509_get0_notAfter(certificate));
  return from && to && *from <= at && at <= *to;
}

}  // namespace ukey::x509
