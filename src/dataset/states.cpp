// SPDX-License-Identifier: MIT
#include "dbr/dataset/states.hpp"

namespace dbr::dataset {

std::string_view to_string(OriginalState state) {
  switch (state) {
    case OriginalState::wanted:
      return "wanted";
    case OriginalState::stored:
      return "stored";
    case OriginalState::mismatch:
      return "mismatch";
    case OriginalState::absent:
      return "absent";
    case OriginalState::withheld:
      return "withheld";
    case OriginalState::expunged:
      return "expunged";
    case OriginalState::refused:
      return "refused";
    case OriginalState::quarantined:
      return "quarantined";
    case OriginalState::excluded:
      return "excluded";
  }
  return "unknown";
}

std::string_view to_string(MlState state) {
  switch (state) {
    case MlState::waiting:
      return "waiting";
    case MlState::wanted:
      return "wanted";
    case MlState::done:
      return "done";
    case MlState::not_a_still_image:
      return "not_a_still_image";
    case MlState::failed:
      return "failed";
    case MlState::no_original:
      return "no_original";
  }
  return "unknown";
}

}  // namespace dbr::dataset
