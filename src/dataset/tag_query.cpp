// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "dbr/dataset/posts.hpp"
#include "dbr/dataset/record_reader.hpp"
#include "dbr/dataset/tag_index.hpp"
#include "post_list.hpp"
#include "settings.hpp"
#include "tag_list.hpp"

namespace dbr::dataset {
namespace {

using Numbers = std::vector<std::int64_t>;

// A query by the tags' numbers.
struct NumberQuery {
  std::vector<Numbers> all;
  std::vector<Numbers> none;

  bool holds_for(std::string_view tags) const {
    const auto has = read_tag_list(tags).numbers;
    const auto is_there = [&](const Numbers& any) {
      return std::ranges::any_of(any, [&](std::int64_t number) {
        return std::ranges::find(has, static_cast<TagNumber>(number)) != has.end();
      });
    };
    return std::ranges::all_of(all, is_there) && std::ranges::none_of(none, is_there);
  }
};

Result<std::vector<Numbers>> numbers_of(sql::Database& database, const std::vector<std::vector<std::string>>& terms) {
  DBR_TRY(auto select, database.prepare("SELECT number FROM tag_name WHERE name = ?"));
  std::vector<Numbers> found;
  for (const auto& names : terms) {
    Numbers& any = found.emplace_back();
    for (const std::string& name : names) {
      select.bind(1, name);
      for (;;) {
        DBR_TRY(const bool is_row, select.step());
        if (!is_row) break;
        any.push_back(select.integer(0));
      }
    }
  }
  return found;
}

// Evaluates a query over the index, and over what the index does not know yet.
class Evaluation {
 public:
  static Result<Evaluation> create(sql::Database& database, NumberQuery query) {
    DBR_TRY(const auto until, setting(database, "tag_index_until"));
    DBR_TRY(auto select_list, database.prepare("SELECT posts FROM tag_posts WHERE key = ?"));
    DBR_TRY(auto select_ids, database.prepare("SELECT id FROM post WHERE id >= ? AND id <= ? AND tags IS NOT NULL"));
    DBR_TRY(auto select_changed,
            database.prepare("SELECT t.post_id, p.tags FROM tag_index_todo t CROSS JOIN post p ON p.id = t.post_id "
                             "WHERE t.post_id >= ? AND t.post_id <= ? ORDER BY t.post_id"));
    return Evaluation(std::move(query), until.value_or(0), std::move(select_list), std::move(select_ids),
                      std::move(select_changed));
  }

  PostId indexed_until() const { return m_until; }
  bool holds_for(std::string_view tags) const { return m_query.holds_for(tags); }

  Result<Places> in_chunk(std::int64_t chunk) {
    const PostId first = chunk << k_chunk_bits;
    const PostId last = std::min(m_until, first + (PostId{1} << k_chunk_bits) - 1);
    Places places;
    if (m_query.all.empty()) {
      DBR_TRY(places, every_post(first, last));
    } else {
      DBR_TRY(places, any_of(chunk, m_query.all.front()));
    }
    for (std::size_t i = 1; i < m_query.all.size(); ++i) {
      DBR_TRY(const auto some, any_of(chunk, m_query.all[i]));
      places &= some;
    }
    for (const Numbers& none : m_query.none) {
      DBR_TRY(const auto some, any_of(chunk, none));
      places -= some;
    }
    m_select_changed.bind(1, first).bind(2, last);
    for (;;) {
      DBR_TRY(const bool is_row, m_select_changed.step());
      if (!is_row) return places;
      const std::uint32_t place = place_in_chunk(m_select_changed.integer(0));
      if (holds_for(m_select_changed.text(1))) {
        places.add(place);
      } else {
        places.remove(place);
      }
    }
  }

 private:
  Evaluation(NumberQuery query, PostId until, sql::Statement select_list, sql::Statement select_ids,
             sql::Statement select_changed)
      : m_query(std::move(query)),
        m_until(until),
        m_select_list(std::move(select_list)),
        m_select_ids(std::move(select_ids)),
        m_select_changed(std::move(select_changed)) {}

  Result<Places> every_post(PostId first, PostId last) {
    Places places;
    m_select_ids.bind(1, first).bind(2, last);
    for (;;) {
      DBR_TRY(const bool is_row, m_select_ids.step());
      if (!is_row) return places;
      places.add(place_in_chunk(m_select_ids.integer(0)));
    }
  }

  Result<Places> any_of(std::int64_t chunk, const Numbers& any) {
    Places places;
    for (const std::int64_t number : any) {
      m_select_list.bind(1, list_key(chunk, static_cast<TagNumber>(number)));
      DBR_TRY(const bool is_row, m_select_list.step());
      if (!is_row) continue;
      const auto list = read_post_list(m_select_list.text(0));
      m_select_list.reset();
      if (!list) return fail(list.error());
      places |= *list;
    }
    return places;
  }

  NumberQuery m_query;
  PostId m_until;
  sql::Statement m_select_list;
  sql::Statement m_select_ids;
  sql::Statement m_select_changed;
};

// Pairs of names of active aliases or implications, found by either end.
class Relations {
 public:
  static Result<Relations> load(sql::Database& database, metadata::Table table) {
    Relations relations;
    const auto add = [&](std::int64_t, std::string_view json) -> Result<void> {
      const auto row = nlohmann::json::parse(json, nullptr, false);
      const auto text = [&](const char* key) {
        const auto field = row.find(key);
        return field != row.end() && field->is_string() ? field->get<std::string>() : std::string();
      };
      if (text("status") == "active") {
        relations.m_consequents[text("antecedent_name")].push_back(text("consequent_name"));
        relations.m_antecedents[text("consequent_name")].push_back(text("antecedent_name"));
      }
      return {};
    };
    DBR_CHECK(for_each_record(database, table, add));
    return relations;
  }

  /// What `name` leads to, or nothing.
  std::vector<std::string> consequents(const std::string& name) const { return find(m_consequents, name); }
  std::vector<std::string> antecedents(const std::string& name) const { return find(m_antecedents, name); }

 private:
  using Names = std::map<std::string, std::vector<std::string>>;
  static std::vector<std::string> find(const Names& names, const std::string& name) {
    const auto found = names.find(name);
    return found == names.end() ? std::vector<std::string>() : found->second;
  }
  Names m_consequents;
  Names m_antecedents;
};

// A tag is satisfied by what its alias names, and by whatever implies that, directly or not.
std::vector<std::string> satisfying(std::string name, const Relations& aliases, const Relations& implications) {
  std::vector<std::string> names = {std::move(name)};
  const auto add = [&](const std::vector<std::string>& more) {
    for (const std::string& each : more) {
      if (std::ranges::find(names, each) == names.end()) names.push_back(each);
    }
  };
  add(aliases.consequents(names.front()));
  for (std::size_t i = 0; i < names.size(); ++i) {
    // Posts may still have an old name where the alias is newer than they are.
    add(std::vector(aliases.antecedents(names[i])));
    add(std::vector(implications.antecedents(names[i])));
  }
  return names;
}

}  // namespace

Result<TagQuery> parse_tag_query(sql::Database& database, std::string_view text) {
  DBR_TRY(const auto aliases, Relations::load(database, metadata::Table::tag_aliases));
  DBR_TRY(const auto implications, Relations::load(database, metadata::Table::tag_implications));
  TagQuery query;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool is_excluded = word.starts_with('-') && word.size() > 1;
    if (is_excluded) word.remove_prefix(1);
    if (word.empty()) continue;
    (is_excluded ? query.none : query.all).push_back(satisfying(std::string(word), aliases, implications));
  }
  if (query.all.empty() && query.none.empty()) return fail(ErrorKind::usage, "a tag query without a tag");
  return query;
}

Result<TagMatcher> TagMatcher::create(sql::Database& database, const std::vector<std::string>& names) {
  TagMatcher matcher;
  if (names.empty()) return matcher;
  DBR_TRY(const auto aliases, Relations::load(database, metadata::Table::tag_aliases));
  DBR_TRY(const auto implications, Relations::load(database, metadata::Table::tag_implications));
  std::vector<std::string> left = names;
  while (!left.empty()) {
    const std::string name = std::move(left.back());
    left.pop_back();
    DBR_TRY(const auto found, numbers_of(database, {satisfying(name, aliases, implications)}));
    for (const std::int64_t number : found.front()) matcher.m_numbers.insert(static_cast<std::uint64_t>(number));
    if (!found.front().empty() || name.empty()) continue;
    const std::size_t comma = name.find(',');
    if (comma == std::string::npos) {
      matcher.m_unknown.push_back(name);
    } else {
      left.push_back(name.substr(0, comma));
      left.push_back(name.substr(comma + 1));
    }
  }
  return matcher;
}

bool TagMatcher::has_any(std::string_view tags) const {
  if (m_numbers.empty()) return false;
  return std::ranges::any_of(read_tag_list(tags).numbers, [&](TagNumber number) { return m_numbers.contains(number); });
}

Result<void> for_each_tagged(sql::Database& database, const TagQuery& query,
                             const std::function<Result<bool>(PostId id)>& on_post) {
  DBR_TRY(auto all, numbers_of(database, query.all));
  DBR_TRY(auto none, numbers_of(database, query.none));
  DBR_TRY(auto evaluation, Evaluation::create(database, {std::move(all), std::move(none)}));
  for (std::int64_t chunk = 0; chunk <= chunk_of(evaluation.indexed_until()); ++chunk) {
    DBR_TRY(const auto places, evaluation.in_chunk(chunk));
    for (const std::uint32_t place : places) {
      DBR_TRY(const bool goes_on, on_post((chunk << k_chunk_bits) + place));
      if (!goes_on) return {};
    }
  }
  DBR_TRY(auto select, database.prepare("SELECT id, tags FROM post WHERE id > ? AND tags IS NOT NULL ORDER BY id"));
  select.bind(1, evaluation.indexed_until());
  for (;;) {
    DBR_TRY(const bool is_row, select.step());
    if (!is_row) return {};
    if (!evaluation.holds_for(select.text(1))) continue;
    DBR_TRY(const bool goes_on, on_post(select.integer(0)));
    if (!goes_on) return {};
  }
}

}  // namespace dbr::dataset
