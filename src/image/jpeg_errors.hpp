// SPDX-License-Identifier: MIT
// libjpeg's way of failing, confined: its errors end guard(), and so does its first warning, so that damage that goes
// on for many scans costs no time. Nothing is printed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdio>  // jpeglib.h wants it
#include <string>
#include <type_traits>

#include <jpeglib.h>

#include "escape.hpp"

namespace dbr::image {

class JpegErrors {
 public:
  JpegErrors() {
    jpeg_std_error(&m_manager);
    m_manager.error_exit = leave;
    m_manager.emit_message = warn;
    m_manager.output_message = [](j_common_ptr) {};
  }
  JpegErrors(const JpegErrors&) = delete;
  JpegErrors& operator=(const JpegErrors&) = delete;

  jpeg_error_mgr* manager() { return &m_manager; }
  /// What it had to say last: the library's number, and its words.
  int code() const { return m_manager.msg_code; }
  std::string message(j_common_ptr info) const {
    std::array<char, JMSG_LENGTH_MAX> text{};
    (*m_manager.format_message)(info, text.data());
    return text.data();
  }

  /// False when the library gave up.
  template <typename Call>
  bool guard(Call call) {
    return m_escape.guard(call);
  }

 private:
  [[noreturn]] static void leave(j_common_ptr info) { reinterpret_cast<JpegErrors*>(info->err)->m_escape.leave(); }
  static void warn(j_common_ptr info, int level) {
    if (level < 0) {
      leave(info);
    }
  }

  jpeg_error_mgr m_manager{};  // first: libjpeg hands its address back
  Escape m_escape;
};
static_assert(std::is_standard_layout_v<JpegErrors>);

}  // namespace dbr::image
