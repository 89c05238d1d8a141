// SPDX-License-Identifier: MIT
// Records as the site and the dumps have them, shortened: the shapes are real, the values need not be.
#pragma once

#include <string_view>

namespace dbr::metadata::test {

/// Today: numbers as numbers, nulls present, Eastern time.
inline constexpr std::string_view k_post_2025 = R"({
 "id": 9969513,
 "created_at": "2025-09-15T19:27:31.639-04:00",
 "uploader_id": 1249148,
 "score": 4,
 "source": "https://twitter.com/someone/status/1667444598267068417",
 "md5": "bd6cde0ec3b896251118d59b4d0e01b4",
 "last_comment_bumped_at": null,
 "rating": "g",
 "image_width": 2048,
 "image_height": 2048,
 "tag_string": "1girl blush bow-shaped_hair genshin_impact highres mikurumikurumi sangonomiya_kokomi",
 "file_ext": "jpg",
 "parent_id": null,
 "has_children": false,
 "file_size": 277355,
 "is_deleted": false,
 "is_banned": false,
 "media_asset": {"id": 32474016, "duration": 3.25, "variants": [{"type": "180x180", "width": 180}]},
 "tag_string_general": "1girl blush bow-shaped_hair",
 "tag_string_character": "sangonomiya_kokomi",
 "tag_string_copyright": "genshin_impact",
 "tag_string_artist": "mikurumikurumi",
 "tag_string_meta": "highres",
 "file_url": "https://cdn.example/original/bd/6c/bd6cde0ec3b896251118d59b4d0e01b4.jpg"
})";

/// 2018: a relative URL, locks, no meta category.
inline constexpr std::string_view k_post_2017 =
    R"({"id":2500000,"created_at":"2016-09-30T21:15:02.123-04:00","score":2,"source":"","rating":"s",)"
    R"("md5":"47a890d045ebe564e816a774814ae2f6","image_width":700,"image_height":990,"file_ext":"png",)"
    R"("file_size":987654,"is_note_locked":false,"is_deleted":true,"is_banned":false,"keeper_data":null,)"
    R"("tag_string":"1girl highres long_hair","tag_string_general":"1girl long_hair","tag_string_artist":"",)"
    R"("tag_string_copyright":"","tag_string_character":"",)"
    R"("file_url":"/data/__1girl__47a890d045ebe564e816a774814ae2f6.png"})";

/// Hidden posts: today, until July 2020, and from then to October 2022, when even the ID was missing.
inline constexpr std::string_view k_hidden_today =
    R"({"id":7,"created_at":"2023-01-02T03:04:05.678-05:00","rating":"e","image_width":10,"image_height":20,)"
    R"("file_ext":"jpg","file_size":30,"is_banned":true,"is_deleted":false,"media_asset":{"id":9,"pixel_hash":"aa"}})";
inline constexpr std::string_view k_hidden_2016 =
    R"({"id":2438399,"created_at":"2016-08-01T03:04:05.678-04:00","rating":"q","image_width":10,"image_height":20,)"
    R"("file_size":30,"is_banned":true,"is_deleted":false})";
inline constexpr std::string_view k_hidden_2021 =
    R"({"created_at":"2021-01-02T03:04:05.678-05:00","rating":"e","image_width":10,"image_height":20,)"
    R"("file_size":30,"is_banned":true,"is_deleted":false})";

/// The BigQuery mirror of 2017 to 2020: everything is text, tags are objects.
inline constexpr std::string_view k_row_2017_dump =
    R"({"id":"263162","created_at":"2008-06-10 03:08:07.34205 UTC","score":"1","source":"",)"
    R"("md5":"9a0f9e0f08907d12b7d08e46047ae4d8","rating":"s","image_width":"797","image_height":"794",)"
    R"("file_ext":"jpg","file_size":"110256","parent_id":"0","is_deleted":false,)"
    R"("tags":[{"id":"540830","name":"1boy","category":"0"}],"pools":[],"favs":["15115"]})";

}  // namespace dbr::metadata::test
