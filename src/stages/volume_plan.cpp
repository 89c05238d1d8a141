// SPDX-License-Identifier: MIT
#include "volume_plan.hpp"

#include <string>
#include <utility>

#include "dbr/torrent/trackers.hpp"
#include "dbr/torrent/volume_meter.hpp"

namespace dbr::stages {
namespace {

using dataset::PlacedFile;
using dataset::Position;
using dataset::Volume;
using torrent::VolumeMeter;

// What the settings say of volumes.
struct VolumeRules {
  torrent::VolumeLimits limits;
  bool is_single = false;
  ByteCount fixed_piece_length = 0;  // 0: by size
  std::string source;
  ByteCount frame = 0;  // of the metafile, at most: what neither files nor pieces take
};

VolumeRules volume_rules(const Settings& settings) {
  VolumeRules rules;
  if (settings.volume_files) rules.limits.files = *settings.volume_files;
  rules.is_single = settings.single;
  rules.fixed_piece_length = settings.piece_size.value_or(0);
  rules.source = settings.source;
  constexpr std::size_t k_keys_and_own_texts = 4000;  // and "announce", which is one of the trackers again
  constexpr std::size_t k_around_a_text = 10;         // its length, and the list that it is in
  std::size_t frame = k_keys_and_own_texts + settings.comment.size() + settings.source.size();
  for (const std::string& tier : settings.trackers) {
    for (const std::string& url : torrent::tracker_tier(tier)) frame += url.size() + k_around_a_text;
  }
  for (const std::string& url : settings.web_seeds) frame += url.size() + k_around_a_text;
  rules.frame = static_cast<ByteCount>(frame);
  return rules;
}

// Keeps its torrent when it has the files it had: nothing enters between two cuts, so equal counts are equal files.
Volume settle(Volume now, const Volume& former, std::int64_t publication) {
  const bool is_as_before = now.files == former.files && now.last == former.last &&
                            now.piece_length == former.piece_length && now.source == former.source;
  if (is_as_before) return now;
  now.publication = publication;
  now.infohash.clear();
  return now;
}

Result<Volume> recount(sql::Database& database, const Volume& former, std::int64_t publication) {
  Volume volume = former;
  volume.files = volume.bytes = 0;
  DBR_CHECK(dataset::for_each_placed(database, volume.series, volume.first, volume.last,
                                     [&](const PlacedFile& file) -> Result<void> {
                                       ++volume.files;
                                       volume.bytes += file.size;
                                       return {};
                                     }));
  return settle(std::move(volume), former, publication);
}

class Filler {
 public:
  Filler(const VolumeRules& rules, std::int64_t publication, std::vector<Volume> sealed, Volume open)
      : m_rules(rules),
        m_publication(publication),
        m_volumes(std::move(sealed)),
        m_former(std::move(open)),
        m_meter(make_meter(m_former.piece_length)) {
    m_open = m_former;
  }

  void add(const PlacedFile& placed) {
    const torrent::File file{placed.path, placed.size};
    if (!m_rules.is_single && !m_meter.has_room_for(file, m_rules.limits)) {
      m_open.is_sealed = true;
      push();
      m_open = {.series = m_open.series, .number = m_open.number + 1, .first = m_open.last};
      m_former = m_open;
      m_meter = make_meter(0);
    }
    m_meter.add(file);
    m_open.last = {placed.edition, placed.id};
  }

  std::vector<Volume> finish() {
    push();
    return std::move(m_volumes);
  }

 private:
  VolumeMeter make_meter(ByteCount former_piece_length) const {
    return {m_rules.fixed_piece_length, former_piece_length, m_rules.frame};
  }

  void push() {
    m_open.files = m_meter.files();
    m_open.bytes = m_meter.bytes();
    m_open.piece_length = m_meter.piece_length();
    m_open.source = m_rules.source;
    m_volumes.push_back(settle(m_open, m_former, m_publication));
  }

  const VolumeRules& m_rules;
  const std::int64_t m_publication;
  std::vector<Volume> m_volumes;
  Volume m_former;  // the open volume as it was published, or nothing
  Volume m_open;
  VolumeMeter m_meter;
};

Result<std::vector<Volume>> plan_series(sql::Database& database, dataset::Series series, const VolumeRules& rules,
                                        std::int64_t publication) {
  DBR_TRY(std::vector<Volume> former, dataset::find_volumes(database, series));
  Volume open{.series = series};
  std::vector<Volume> sealed;
  // --single makes one of many; the piece length of one alone is kept.
  if (rules.is_single && former.size() > 1) former.clear();
  for (Volume& volume : former) {
    open.number = volume.number + 1;
    open.first = open.last = volume.last;
    if (!volume.is_sealed || rules.is_single) {
      open = std::move(volume);
      open.is_sealed = false;
      break;
    }
    DBR_TRY(Volume counted, recount(database, volume, publication));
    sealed.push_back(std::move(counted));
  }
  Filler filler(rules, publication, std::move(sealed), open);
  DBR_CHECK(dataset::for_each_placed(database, series, open.first, dataset::k_end_of_series,
                                     [&](const PlacedFile& file) -> Result<void> {
                                       filler.add(file);
                                       return {};
                                     }));
  return filler.finish();
}

}  // namespace

Result<std::vector<Volume>> plan_volumes(const Settings& settings, sql::Database& database) {
  const VolumeRules rules = volume_rules(settings);
  DBR_TRY(const std::int64_t publication, dataset::next_publication(database));
  std::vector<Volume> all;
  for (const dataset::Series series : dataset::k_series) {
    DBR_TRY(const auto volumes, plan_series(database, series, rules, publication));
    all.insert(all.end(), volumes.begin(), volumes.end());
  }
  return all;
}

}  // namespace dbr::stages
