// How a CA takes renewals, as its profile or the command line says. It names no server that a site
// did not name.
#pragma once

#include <chrono>
#include <string>

namespace ukey::model {

/// How a request reaches a CA: somebody carries the file, RFC 4210 over HTTP, a program of the
/// site.
enum class Route { file, cmp, command };

/// The request message of RFC 4210, 5.1.2: key update, certification, PKCS#10 certification.
enum class CmpCommand { kur, cr, p10cr };

/// `[renewal]` of cas/<id>.toml.
struct CaService {
  Route via = Route::file;
  std::string url;  ///< of the CMP server; "" when none is named
  CmpCommand cmp_command = CmpCommand::kur;
  std::string recipient;              ///< RFC 2253 name; "": the old certificate's issuer
  std::string command;                ///< words, not yet split; "" when none is named
  std::chrono::seconds timeout{120};  ///< from the request to the last answer
  bool implicit_confirm = false;      ///< RFC 4210, 5.1.1.1: asks the CA to do without certConf
};

}  // namespace ukey::model
