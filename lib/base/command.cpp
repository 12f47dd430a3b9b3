#include "base/command.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace ukey::base {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

/// Walks through a command; what opens a word or a quote is seen here only.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<std::string> words() {
    while (at_ < text_.size()) step(text_[at_++]);
    end_word();
    if (words_.empty()) refuse();
    return std::move(words_);
  }

 private:
  void step(char c) {
    if (kBlanks.find(c) != std::string_view::npos) return end_word();
    open_ = true;
    if (c == '\'')
      single_quoted();
    else if (c == '"')
      double_quoted();
    else
      word_ += c == '\\' ? taken() : c;
  }

  void single_quoted() {
    for (char c = taken(); c != '\''; c = taken()) word_ += c;
  }

  void double_quoted() {
    for (char c = taken(); c != '"'; c = taken()) {
      const bool escape =
          c == '\\' && at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\\');
      word_ += escape ? taken() : c;
    }
  }

  void end_word() {
    if (open_) words_.push_back(std::move(word_));
    word_.clear();
    open_ = false;
  }

  char taken() {
    if (at_ == text_.size()) refuse();
    return text_[at_++];
  }

  [[noreturn]] void refuse() const { throw Error(Code::usage, std::string{text_}); }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string> words_;
  std::string word_;
  bool open_ = false;  // an empty pair of quotes is a word too
};

bool harmless(std::string_view serial) {
  if (serial.empty() || serial.front() == '-' || serial == "." || serial == "..") return false;
  return std::all_of(serial.begin(), serial.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
           c == '_' || c == '-';
  });
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) { return Splitter{text}.words(); }

std::vector<std::string> replaced(std::vector<std::string> argv, std::string_view placeholder,
                                  std::string_view serial) {
  if (placeholder.empty()) return argv;
  for (auto& word : argv) {
    std::size_t at = word.find(placeholder);
    if (at != std::string::npos && !harmless(serial))
      throw Error(Code::bad_input, std::string{serial});
    for (; at != std::string::npos; at = word.find(placeholder, at + serial.size()))
      word.replace(at, placeholder.size(), serial);
  }
  return argv;
}

}  // namespace ukey::base
