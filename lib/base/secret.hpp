// A PIN in memory. It refuses to be copied, printed or compared; it is locked in memory where the
// system allows, wiped when it dies, and no core is dumped while one lives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace ukey::base {

class Secret {
 public:
  /// The longest PIN, in octets: what one short command to a card carries (ISO/IEC 7816-4, 5.2).
  static constexpr std::size_t kMost = 255;
  /// What there is room for: the longest PIN as a file holds it, with its line end.
  static constexpr std::size_t kRoom = kMost + 2;

  Secret();
  ~Secret();
  Secret(Secret&&) noexcept;
  Secret& operator=(Secret&&) noexcept;
  Secret(const Secret&) = delete;             // a copy is a second place to wipe
  Secret& operator=(const Secret&) = delete;  // same

  /// Appends one octet; false when it is full.
  [[nodiscard]] bool push(std::uint8_t octet);
  /// Takes the last octet away, if there is one.
  void pop();
  /// Drops one LF or CRLF at the end.
  void strip_line_end();

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const { return size() == 0; }
  /// True when what is there, without its line end, would be no PIN.
  [[nodiscard]] bool too_long() const { return size() > kMost; }
  /// The octets, for the one call that needs them; valid while the Secret lives.
  [[nodiscard]] std::span<const std::uint8_t> reveal() const;
  /// The whole room, for read(2) to fill without a copy elsewhere; `resize` says how much was
  /// filled.
  [[nodiscard]] std::span<std::uint8_t> room();
  void resize(std::size_t size);

 private:
  struct Page;
  std::unique_ptr<Page> page_;
};

}  // namespace ukey::base
