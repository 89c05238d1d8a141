// SPDX-License-Identifier: MIT
#include "dbr/dataset/witnesses.hpp"

#include <string_view>

#include "queries.hpp"

namespace dbr::dataset {
namespace {

Result<void> renew_stored(sql::Database& database, const NamedFile& file) {
  DBR_TRY(auto update, database.prepare(file.series.form == Form::original ? k_renew_original : k_renew_ml));
  return update.bind(1, file.id).bind(2, file.before).bind(3, file.after).run();
}

}  // namespace

Result<void> record_placed(sql::Database& database, const NamedFile& file) {
  if (file.before == 0 || file.after == 0) return {};
  DBR_TRY(auto update,
          database.prepare(file.series.form == Form::original ? k_record_placed_original : k_record_placed_ml));
  const Series other{file.series.set == Set::sfw ? Set::nsfw : Set::sfw, file.series.form};
  DBR_CHECK(update.bind(1, index_of(file.series))
                .bind(2, file.id)
                .bind(3, file.before)
                .bind(4, file.after)
                .bind(5, index_of(other))
                .run());
  return file.is_same ? renew_stored(database, file) : Result<void>();
}

Result<void> renew_witness(sql::Database& database, const NamedFile& file) {
  if (file.before == 0 || file.after == 0 || !file.is_same) return {};
  DBR_CHECK(renew_stored(database, file));
  DBR_TRY(auto update, database.prepare(k_renew_placed));
  for (const Set set : {Set::sfw, Set::nsfw}) {
    update.bind(1, index_of({set, file.series.form})).bind(2, file.id).bind(3, file.before).bind(4, file.after);
    DBR_CHECK(update.run());
  }
  return {};
}

}  // namespace dbr::dataset
