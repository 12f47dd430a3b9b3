// The practice CA's register of what it issued: one file for each issue, which says whose keys it
// certifies. It judges nothing, and forgets nothing.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/descriptor.hpp"
#include "model/certificate.hpp"
#include "practice/catalogue.hpp"

namespace ukey::practice {

/// What became of an issue; the enumerators stand in its file.
enum class IssueState {
  issued,     ///< given out
  confirmed,  ///< the holder has accepted it
  withdrawn   ///< the holder did not want it
};

/// Certificates that were made together, for the keys of one token.
struct Issue {
  unsigned long number = 0;  ///< of the register, later ones are larger; 0: not registered
  std::string token;         ///< serial number of the token: two tokens may have one holder
  Brand brand = Brand::bjca;
  IssueState state = IssueState::issued;
  std::string renews;                            ///< SHA-256 of the old certificate, or ""
  std::vector<model::Certificate> certificates;  ///< at least one; the one asked for is the first
};

/// A certificate of the register, in the issues it was found in; null for none.
struct Entered {
  const Issue* issue = nullptr;
  const model::Certificate* certificate = nullptr;
  explicit operator bool() const { return certificate != nullptr; }
};

/// The certificate with these octets.
[[nodiscard]] Entered find_certificate(std::span<const Issue> issues, base::ByteView der);

/// The certificate of this token and role that was issued last and not withdrawn.
[[nodiscard]] Entered last_certificate(std::span<const Issue> issues, std::string_view token,
                                       model::Role role);

class Registry {
 public:
  /// Nothing is touched yet.
  explicit Registry(std::filesystem::path folder);

  /// Makes the folder. Throws Error{file_io} with the path.
  void establish() const;

  /// False in a drawer that was made before there was a register.
  [[nodiscard]] bool exists() const;

  /// Held against everybody else who issues, until the descriptor closes; waits for it. Throws
  /// Error{file_io} with the path.
  [[nodiscard]] base::Descriptor hold() const;

  /// All issues by their numbers; a file that did not change since it was read, by this object or a
  /// copy of it, is not read again. Throws Error{bad_input} with the path of a broken file, or of
  /// the folder when there is no register, file_io.
  [[nodiscard]] std::vector<Issue> issues() const;

  /// Enters an issue; it is on the disk, whole, when this returns its number. Precondition: held.
  /// Throws Error{file_io}.
  unsigned long add(const Issue& issue) const;

  /// Gives a registered issue another state. Throws Error{file_io}.
  void set_state(Issue issue, IssueState state) const;

 private:
  void write(const Issue& issue) const;

  struct Memory;
  std::filesystem::path folder_;
  std::shared_ptr<Memory> memory_;  // of what was read; copies share it
};

/// The register of the CA that lies in this folder.
[[nodiscard]] inline Registry registry_of(const std::filesystem::path& authority) {
  return Registry(authority / "issued");
}

}  // namespace ukey::practice
