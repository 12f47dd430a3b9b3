// Requests as files: PEM blocks one after another, or one DER.
#pragma once

#include <functional>
#include <vector>

#include "model/renewal_job.hpp"
#include "report/describe.hpp"

namespace ukey::cli {

class Context;

/// Writes requests to --out (or, with `files` null or not, to stdout where --out is "-" or absent)
/// in the encoding of --format, and notes the file in `files`, unless that is null. `files` lives
/// as long as the function. What it throws: usage for several requests in DER, file_io.
[[nodiscard]] std::function<void(const std::vector<model::RequestRow>&)> request_delivery(
    Context& context, std::vector<report::WrittenFile>* files);

}  // namespace ukey::cli
