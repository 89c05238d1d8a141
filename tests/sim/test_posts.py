# SPDX-License-Identifier: MIT
"""The post object, hidden keys, tags= queries, counts."""
import unittest

import sim

# The order of the keys on the wire, from a capture of the real site.
WIRE_ORDER = (
    "id created_at uploader_id score source md5 last_comment_bumped_at rating image_width image_height tag_string fav_count "
    "file_ext last_noted_at parent_id has_children approver_id tag_count_general tag_count_artist tag_count_character "
    "tag_count_copyright file_size up_score down_score is_pending is_flagged is_deleted tag_count updated_at is_banned "
    "pixiv_id last_commented_at has_active_children bit_flags tag_count_meta has_large has_visible_children media_asset "
    "tag_string_general tag_string_character tag_string_copyright tag_string_artist tag_string_meta file_url large_file_url "
    "preview_file_url").split()
HIDDEN = {"md5", "file_url", "large_file_url", "preview_file_url"}


class PostsTest(sim.SimTest):
    ARGUMENTS = ["--posts", "1500", "--metadata-only"]

    def setUp(self):
        super().setUp()
        self.posts = self.truth()

    def found(self, tags):
        return self.ids("/posts.json", tags=tags, limit=200)

    def newest(self, test):
        return [post["id"] for post in reversed(self.posts) if test(post)][:200]

    def test_wire_order(self):
        live = next(post["id"] for post in self.posts if post["state"] == "live")
        self.assertEqual(list(self.get(f"/posts/{live}.json")), WIRE_ORDER)

    def test_hidden_posts_lack_keys(self):
        hidden = [post["id"] for post in self.posts if post["state"] == "withheld"]
        self.assertGreater(len(hidden), 20)
        for post in self.get("/posts.json", tags="id:" + ",".join(map(str, hidden)), limit=200):
            self.assertEqual([key for key in WIRE_ORDER if key not in post], [key for key in WIRE_ORDER if key in HIDDEN])
            self.assertEqual({"md5", "file_key", "variants"} & set(post["media_asset"]), set())
            self.assertIn("pixel_hash", post["media_asset"])

    def test_deleted_posts_are_listed_and_visible(self):
        for post in self.get("/posts.json", tags="status:deleted -status:banned", limit=200):
            self.assertTrue(post["is_deleted"])
        ids = self.found("status:deleted")
        self.assertEqual(ids, self.newest(lambda post: post["is_deleted"]))
        self.assertTrue(any("file_url" in self.get(f"/posts/{i}.json") for i in ids))

    def test_tag_strings_by_category(self):
        for post in self.get("/posts.json", limit=50):
            split = [post[f"tag_string_{name}"].split() for name in ("general", "artist", "copyright", "character", "meta")]
            self.assertEqual(sorted(sum(split, [])), sorted(post["tag_string"].split()))
            self.assertEqual(post["tag_count_general"], len(split[0]))
            self.assertEqual(post["tag_count"], len(post["tag_string"].split()))

    def test_id_queries(self):
        ids = [post["id"] for post in self.posts]
        a, b, c = ids[30], ids[20], ids[40]
        self.assertEqual(self.found(f"id:{a}"), [a])
        self.assertEqual(self.found(f"id:{a},{b},{c}"), [c, a, b])
        self.assertEqual(self.found(f"id:{a},{b},{c} order:custom"), [a, b, c])
        self.assertEqual(self.found(f"id:{b}..{a}"), ids[20:31][::-1])
        self.assertEqual(self.found(f"id:<{b}"), ids[:20][::-1])
        self.assertEqual(self.found(f"id:<={b}"), ids[:21][::-1])
        self.assertEqual(self.found(f"id:>{ids[-5]}"), ids[-4:][::-1])
        self.assertEqual(self.found(f"id:>={b} order:id_asc"), ids[20:220])

    def test_tag_queries(self):
        self.assertEqual(self.found("1girl solo"), self.newest(lambda post: {"1girl", "solo"} <= set(post["tag_string"].split())))
        self.assertEqual(self.found("-1girl"), self.newest(lambda post: "1girl" not in post["tag_string"].split()))
        self.assertEqual(self.found("rating:q"), self.newest(lambda post: post["rating"] == "q"))
        self.assertEqual(self.found("$(rm_-rf)"), self.newest(lambda post: "$(rm_-rf)" in post["tag_string"].split()))
        self.assertEqual(self.found("no_such_tag"), [])

    def test_order_by_change(self):
        updated = {post["id"]: post["updated_at"] for post in self.posts}
        times = [updated[i] for i in self.found("order:change")]
        self.assertEqual(times, sorted(updated.values(), reverse=True)[:200])

    def test_tag_limit(self):
        answer = self.request("/posts.json?tags=1girl+solo+hat")
        self.assertEqual((answer.status, answer.json()["error"]), (422, "PostQuery::TagLimitError"))
        self.assertEqual(self.request("/posts.json?tags=1girl+solo+order:id").status, 422)
        self.assertEqual(self.request("/posts.json?tags=1girl+rating:s+status:any+id:>5+order:id_asc").status, 200)

    def test_md5(self):
        post = next(post for post in self.posts if post["state"] == "live")
        self.assertEqual(self.get("/posts.json", md5=post["md5"])["id"], post["id"])
        self.assertEqual(self.found("md5:" + post["md5"]), [post["id"]])
        self.assertEqual(self.request("/posts.json?md5=" + "0" * 32).status, 404)
        banned = next(post for post in self.posts if post["is_banned"])
        self.assertEqual(self.request("/posts.json?md5=" + banned["md5"]).status, 404)

    def test_one_post(self):
        answer = self.request("/posts/99999999.json")
        self.assertEqual(answer.status, 404)
        self.assertEqual(answer.json(), {"success": False, "error": "ActiveRecord::RecordNotFound",
                                         "message": "That record was not found.", "backtrace": None})

    def test_counts(self):
        exact = self.get("/counts/posts.json", estimate_count="false", skip_cache="true")
        self.assertEqual(exact, {"counts": {"posts": len(self.posts)}})

    def test_associations(self):
        child = next(post for post in self.posts if post["parent_id"])
        found = self.get(f"/posts/{child['id']}.json", only="id,parent[id],media_asset[id,md5]")
        self.assertEqual(found["parent"], {"id": child["parent_id"]})
        family = self.get(f"/posts/{child['parent_id']}.json", only="has_children,children[id]")
        self.assertTrue(family["has_children"])
        self.assertIn({"id": child["id"]}, family["children"])


class EraTest(sim.SimTest):
    ARGUMENTS = ["--posts", "400", "--metadata-only", "--era", "2021"]

    def test_hidden_posts_lack_even_their_id(self):
        posts = self.get("/posts.json", limit=200)
        self.assertTrue(all(("id" in post) == ("md5" in post) for post in posts))
        self.assertTrue(any("id" not in post for post in posts))
        self.assertNotIn("media_asset", posts[0])


if __name__ == "__main__":
    unittest.main()
