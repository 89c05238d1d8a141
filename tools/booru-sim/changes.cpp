// SPDX-License-Identifier: MIT
#include "changes.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "change_kinds.hpp"

namespace dbr::sim {

namespace {

const ChangeKind& find_kind(std::string_view name) {
  for (const auto kinds : {post_changes(), table_changes()}) {
    for (const ChangeKind& kind : kinds) {
      if (kind.plural == name || kind.verb == name) return kind;
    }
  }
  throw std::invalid_argument("not a change: " + std::string(name));
}

const Creation* find_creation(std::string_view name) {
  const auto list = creations();
  const auto found = std::find_if(list.begin(), list.end(), [&](const Creation& c) { return c.plural == name; });
  return found == list.end() ? nullptr : &*found;
}

/// Every change has a moment of its own, later than the one before.
Moment next_moment(World& world, Moment wanted) {
  world.last_change = std::max(wanted, world.last_change + 1'700);
  return world.last_change;
}

std::vector<std::int64_t> choose(World& world, const ChangeKind& kind, const Json& wanted) {
  auto candidates = kind.candidates(world);
  if (wanted.is_array()) {
    auto ids = wanted.get<std::vector<std::int64_t>>();
    for (const std::int64_t id : ids) {
      if (std::find(candidates.begin(), candidates.end(), id) == candidates.end()) {
        throw std::invalid_argument("cannot " + std::string(kind.verb) + " " + std::to_string(id));
      }
    }
    return ids;
  }
  std::vector<std::int64_t> ids;
  for (auto left = wanted.get<std::int64_t>(); left > 0 && !candidates.empty(); --left) {
    const auto index = static_cast<std::ptrdiff_t>(world.dice.next() % candidates.size());
    ids.push_back(candidates[static_cast<std::size_t>(index)]);
    candidates.erase(candidates.begin() + index);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace

Json apply_changes(World& world, const Json& request) {
  std::unique_lock lock(world.mutex);
  const Moment base = request.contains("at") ? moment(request["at"].get<std::string>()) : now();
  Json touched = Json::object();
  for (const auto& [name, wanted] : request.items()) {
    if (name == "at") continue;
    Json& ids = touched[name] = Json::array();
    if (const auto* creation = find_creation(name)) {
      for (auto left = wanted.get<std::int64_t>(); left > 0; --left)
        ids.push_back(creation->add(world, next_moment(world, base)));
      continue;
    }
    if (name == "category_jobs") {
      ids = run_category_jobs(world, next_moment(world, base));
      continue;
    }
    const ChangeKind& kind = find_kind(name);
    for (const std::int64_t id : choose(world, kind, wanted)) {
      kind.apply(world, id, next_moment(world, base));
      ids.push_back(id);
    }
  }
  const Moment last = world.last_change;
  lock.unlock();
  // Whoever asks after this sees nothing that is yet to come.
  if (!request.contains("at")) std::this_thread::sleep_for(std::chrono::microseconds(last - now()));
  return touched;
}

}  // namespace dbr::sim
