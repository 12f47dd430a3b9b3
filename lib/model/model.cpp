// Includes every header of this room once, so that each is known to compile alone.
#include "model/card.hpp"
#include "model/certificate.hpp"
#include "model/lock.hpp"
#include "model/object.hpp"
#include "model/profile.hpp"
#include "model/renewal.hpp"
#include "model/setting.hpp"
#include "model/token.hpp"
