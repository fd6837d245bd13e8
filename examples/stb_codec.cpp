// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "stb_codec.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <stdexcept>
#include <utility>

#include "image_checks.hpp"

namespace {

/// The memory that stb gets to decode one file: zeroed, limited, and freed in the end whatever happens.
class decoder_memory {
public:
    explicit decoder_memory(std::size_t limit) : left_(limit) { current = this; }
    decoder_memory(const decoder_memory&) = delete;
    decoder_memory& operator=(const decoder_memory&) = delete;
    ~decoder_memory() { current = nullptr; }

    void allow(std::size_t more) { left_ += more; }

    void* allocate(std::size_t size) {
        size = std::max<std::size_t>(size, 1);
        if (size > left_) throw io::bad_picture("decoding it takes more memory than a picture of its size needs");
        std::vector<std::uint8_t> block(size);
        void* const start = block.data();
        blocks_.emplace(start, std::move(block));
        left_ -= size;
        return start;
    }

    void release(void* block) {
        const auto found = blocks_.find(block);
        if (found == blocks_.end()) return;
        left_ += found->second.size();
        blocks_.erase(found);
    }

    void* resize(void* block, std::size_t old_size, std::size_t size) {
        void* const larger = allocate(size);
        if (block != nullptr) std::memcpy(larger, block, std::min(old_size, size));
        release(block);
        return larger;
    }

    static inline thread_local decoder_memory* current = nullptr;

private:
    std::size_t left_;
    std::map<void*, std::vector<std::uint8_t>> blocks_;
};

void* stb_allocate(std::size_t size) { return decoder_memory::current->allocate(size); }
void* stb_resize(void* block, std::size_t old_size, std::size_t size) {
    return decoder_memory::current->resize(block, old_size, size);
}
void stb_release(void* block) { decoder_memory::current->release(block); }
void stb_assert(bool truth) {
    if (!truth) throw io::bad_picture("the file is corrupt");
}

}  // namespace

#define STBI_MALLOC stb_allocate
#define STBI_REALLOC_SIZED stb_resize
#define STBI_FREE stb_release
#define STBI_ASSERT stb_assert
#define STBI_FAILURE_USERMSG
#define STBI_NO_STDIO
#define STBI_ONLY_BMP
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#include <stb_image.h>

#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb_image_write.h>

namespace io {
namespace {

constexpr std::int64_t gibibyte = std::int64_t{1} << 30;

void append(void* file, void* data, int size) {
    const auto* const bytes = static_cast<const std::uint8_t*>(data);
    auto& all = *static_cast<std::vector<std::uint8_t>*>(file);
    all.insert(all.end(), bytes, bytes + size);
}

}  // namespace

void check_size(std::int64_t width, std::int64_t height, std::int64_t channels, int megapixels) {
    constexpr std::int64_t million = 1'000'000;
    const auto size = std::to_string(width) + "x" + std::to_string(height);
    if (width * height > megapixels * million)
        throw bad_picture(
            "it has " + size + " pixels, but at most " + std::to_string(megapixels) + " million are allowed",
            "shrink it, or allow more with --max-pixels " + std::to_string((width * height + million - 1) / million));
    if (width * height * channels > gibibyte)
        throw bad_picture("its " + size + " pixels take more than 1 GiB", "shrink it");
}

lloyd::image<std::uint8_t> decode_with_stb(const std::vector<std::uint8_t>& bytes, int megapixels) {
    // Beside a few copies of the file, stb needs at most 28 bytes a pixel: for interlaced 16-bit RGBA.
    decoder_memory memory((std::size_t{64} << 20) + 3 * bytes.size());
    const auto length = static_cast<int>(bytes.size());
    int width = 0, height = 0, channels = 0;
    if (stbi_info_from_memory(bytes.data(), length, &width, &height, &channels) == 0)
        throw bad_picture(stbi_failure_reason());
    check_size(width, height, 4, megapixels);  // RGBA at most: stb may yet find that a colour is transparent
    // However much a header claims: no byte of a file holds more than the 8256 pixels of a PNG in black and white.
    memory.allow(std::min(28 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height), bytes.size() << 15));
    const std::uint8_t* const pixels = stbi_load_from_memory(bytes.data(), length, &width, &height, &channels, 0);
    if (pixels == nullptr) throw bad_picture(stbi_failure_reason());
    return lloyd::image<std::uint8_t>(lloyd::image_view<const std::uint8_t>(pixels, width, height, channels));
}

std::vector<std::uint8_t> encode_with_stb(const lloyd::image<std::uint8_t>& picture, const std::string& format) {
    const auto elements = picture.size() * picture.channels();
    if (elements == 0 || elements > gibibyte) throw std::length_error("encode_with_stb");
    const auto width = static_cast<int>(picture.width()), height = static_cast<int>(picture.height());
    const auto channels = static_cast<int>(picture.channels());
    std::vector<std::uint8_t> file;
    int done = 0;
    if (format == "png")
        done = stbi_write_png_to_func(append, &file, width, height, channels, picture.data(), width * channels);
    else if (format == "bmp")
        done = stbi_write_bmp_to_func(append, &file, width, height, channels, picture.data());
    else if (width <= 65535 && height <= 65535)
        done = stbi_write_jpg_to_func(append, &file, width, height, channels, picture.data(), 92);
    if (done == 0) throw std::length_error("encode_with_stb");
    return file;
}

}  // namespace io
