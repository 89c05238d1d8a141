# The pictures the stand-in serves; the tests of the image room use them, too. JPEG, PNG and WebP through their own
# libraries, so that a fault of the code under test cannot hide in its own decoder; AVIF through libvips.
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(ZLIB REQUIRED)
find_package(GIF 5 REQUIRED)
pkg_check_modules(webp REQUIRED IMPORTED_TARGET libwebp>=1.2)
add_library(dbr_sim_pictures STATIC
  pictures.cpp pictures_avif.cpp pictures_containers.cpp pictures_exif.cpp pictures_gif.cpp pictures_icc.cpp
  pictures_jpeg.cpp pictures_jpeg_kinds.cpp pictures_other.cpp pictures_png.cpp pictures_png_kinds.cpp
  pictures_scene.cpp pictures_webp.cpp)
target_include_directories(dbr_sim_pictures PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(dbr_sim_pictures PUBLIC dbr_settings PRIVATE dbr_warnings JPEG::JPEG PNG::PNG ZLIB::ZLIB GIF::GIF
                                                                   PkgConfig::webp PkgConfig::vips)
# A picture has to be made while a request waits: optimised in every configuration.
target_compile_options(dbr_sim_pictures PRIVATE -O2)
