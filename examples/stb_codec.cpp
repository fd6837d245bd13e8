// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "stb_codec.hpp"

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

#include "image_checks.hpp"

namespace {

/// The memory in which stb decodes one file: zeroed, limited, and always freed at the end.
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

// Static, stb leaves functions unused.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"

#define STBI_MALLOC stb_allocate
#define STBI_REALLOC_SIZED stb_resize
#define STBI_FREE stb_release
#define STBI_ASSERT stb_assert
#define STBI_NO_STDIO
#define STBI_ONLY_BMP
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#if __has_include(<stb_image.h>)
#include <stb_image.h>
#else
#include <stb/stb_image.h>
#endif

#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#if __has_include(<stb_image_write.h>)
#include <stb_image_write.h>
#else
#include <stb/stb_image_write.h>
#endif

#pragma GCC diagnostic pop

namespace io {
namespace {

constexpr std::int64_t gibibyte = std::int64_t{1} << 30;

void append(void* file, void* data, int size) {
    const auto* const bytes = static_cast<const std::uint8_t*>(data);
    auto& all = *static_cast<std::vector<std::uint8_t>*>(file);
    all.insert(all.end(), bytes, bytes + size);
}

/// In addition to a few copies of the file, stb needs at most 24 bytes for each pixel: for interlaced 16-bit RGBA.
/// (Progressive CMYK needs four planes, coefficients of two bytes for each, and the picture: 15 bytes.) The size of the file
/// is a limit too, for any header: a byte of a file gives at most the 8256 pixels of a PNG in black and white.
std::size_t memory_for_pixels(std::int64_t width, std::int64_t height, std::size_t file_size) {
    return std::min(24 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height), file_size << 15);
}

/// Throws bad_picture with the reason why stb refused the last file.
[[noreturn]] void throw_refused() {
    const char* const reason = stbi_failure_reason();
    throw bad_picture("it is damaged, or of a kind that is not supported" +
                      (reason == nullptr ? "" : std::string(" (stb says: ") + reason + ")"));
}

/// The checksum of RFC 1950. The sums of 5552 bytes fit into 32 bits, so they are reduced only after that many.
std::uint32_t adler(std::span<const std::uint8_t> bytes) {
    constexpr std::uint32_t prime = 65521;
    constexpr std::size_t at_once = 5552;
    std::uint32_t sum = 1, sum_of_sums = 0;
    while (!bytes.empty()) {
        const auto some = bytes.first(std::min(at_once, bytes.size()));
        for (const auto byte : some) sum_of_sums += sum += byte;
        sum %= prime;
        sum_of_sums %= prime;
        bytes = bytes.subspan(some.size());
    }
    return sum_of_sums << 16 | sum;
}

lloyd::image<std::uint8_t> with_8_bits(lloyd::image_view<const std::uint16_t> deep) {
    lloyd::image<std::uint8_t> picture(deep.width(), deep.height(), deep.channels());
    for (std::ptrdiff_t y = 0; y < deep.height(); ++y) {
        const auto row = deep.row(y);
        std::transform(row.begin(), row.end(), picture.row(y).begin(),
                       [](std::uint32_t value) { return static_cast<std::uint8_t>((value * 255 + 32767) / 65535); });
    }
    return picture;
}

/// Rows of a PNG with 8 bits a channel, each behind the number of its filter (ISO 15948, clause 9), as a picture. Returns
/// false for a filter that is not defined.
bool undo_filters(std::span<const std::uint8_t> rows, lloyd::image<std::uint8_t>& picture) {
    const auto step = static_cast<std::size_t>(picture.channels());
    const std::vector<std::uint8_t> zeros(picture.row(0).size());
    std::span<const std::uint8_t> above = zeros;
    for (std::ptrdiff_t y = 0; y < picture.height(); ++y) {
        const auto to = picture.row(y);
        const auto filter = rows[0];
        const auto from = rows.subspan(1, to.size());
        const auto undo = [&](auto predicted) {
            for (std::size_t i = 0; i < to.size(); ++i) {
                const int left = i < step ? 0 : to[i - step], corner = i < step ? 0 : above[i - step];
                to[i] = static_cast<std::uint8_t>(from[i] + predicted(left, int{above[i]}, corner));
            }
        };
        if (filter == 0) undo([](int, int, int) { return 0; });
        if (filter == 1) undo([](int left, int, int) { return left; });
        if (filter == 2) undo([](int, int up, int) { return up; });
        if (filter == 3) undo([](int left, int up, int) { return (left + up) / 2; });
        if (filter == 4)
            undo([](int left, int up, int corner) {
                const int from_left = std::abs(up - corner), from_up = std::abs(left - corner);
                const int from_corner = std::abs(left + up - 2 * corner);
                return from_left <= from_up && from_left <= from_corner ? left : from_up <= from_corner ? up : corner;
            });
        if (filter > 4) return false;
        above = to;
        rows = rows.subspan(1 + to.size());
    }
    return true;
}

/// Checks the checksum of the pixels. Returns the picture if it has 8 bits a channel, neither a palette nor a transparent
/// colour, and is not interlaced. (It could be decoded by stb, too, which would decompress it once more.)
std::optional<lloyd::image<std::uint8_t>> decode_plain_png(const std::vector<std::uint8_t>& file) {
    const auto stream = png_chunks(file, "IDAT");
    if (stream.size() < 6) throw bad_picture("the PNG has no pixels");
    byte_reader header(std::span<const std::uint8_t>(file).subspan(16));
    const std::int64_t width = header.big_endian(4), height = header.big_endian(4);
    const std::int64_t depth = header.byte(), color_type = header.byte(), interlaced = header.take(3)[2];
    const std::int64_t channels = color_type == 2 ? 3 : color_type == 6 ? 4 : color_type == 4 ? 2 : 1;
    decoder_memory memory((std::size_t{64} << 20) + memory_for_pixels(width, height, file.size()));
    // Interlaced files have more rows, with more filter bytes and padding. stb allocates more if this guess is too small.
    const auto guess = std::min<std::int64_t>(height * ((width * channels * depth + 7) / 8 + 1) + 1, INT_MAX);
    int size = 0;
    const auto* const rows = stbi_zlib_decode_malloc_guesssize_headerflag(reinterpret_cast<const char*>(stream.data()),
                                                                          static_cast<int>(stream.size()),
                                                                          static_cast<int>(guess), &size, 1);
    if (rows == nullptr) throw_refused();
    const std::span inflated(reinterpret_cast<const std::uint8_t*>(rows), static_cast<std::size_t>(size));
    if (byte_reader(std::span(stream).last(4)).big_endian(4) != adler(inflated))
        throw bad_picture("the PNG is damaged: the checksum of its pixels is wrong");
    const bool is_plain = depth == 8 && color_type != 3 && interlaced == 0 && png_chunks(file, "tRNS").empty();
    if (!is_plain || size != height * (width * channels + 1)) return {};
    lloyd::image<std::uint8_t> picture(static_cast<std::ptrdiff_t>(width), static_cast<std::ptrdiff_t>(height),
                                       static_cast<std::ptrdiff_t>(channels));
    if (!undo_filters(inflated, picture)) return {};
    return picture;
}

}  // namespace

lloyd::image<std::uint8_t> decode_png(const std::vector<std::uint8_t>& bytes, int megapixels) {
    if (auto plain = decode_plain_png(bytes)) return *std::move(plain);
    return decode_with_stb(bytes, megapixels);
}

lloyd::image<std::uint8_t> decode_with_stb(const std::vector<std::uint8_t>& bytes, int megapixels) {
    decoder_memory memory((std::size_t{64} << 20) + 3 * bytes.size());
    const auto length = static_cast<int>(bytes.size());
    int width = 0, height = 0, channels = 0;
    if (stbi_info_from_memory(bytes.data(), length, &width, &height, &channels) == 0) throw_refused();
    check_size(width, height, 4, megapixels);  // at most RGBA: stb may find later that a colour is transparent
    memory.allow(memory_for_pixels(width, height, bytes.size()));
    if (stbi_is_16_bit_from_memory(bytes.data(), length) != 0) {
        const auto* const deep = stbi_load_16_from_memory(bytes.data(), length, &width, &height, &channels, 0);
        if (deep == nullptr) throw_refused();
        return with_8_bits({deep, width, height, channels});
    }
    const auto* const pixels = stbi_load_from_memory(bytes.data(), length, &width, &height, &channels, 0);
    if (pixels == nullptr) throw_refused();
    return lloyd::image<std::uint8_t>(lloyd::image_view<const std::uint8_t>(pixels, width, height, channels));
}

std::vector<std::uint8_t> deflate_with_stb(std::vector<std::uint8_t> bytes) {
    // How many places with the same three bytes are compared with. More than 5 make files 1 to 2 % smaller, and take 10 to
    // 60 % more time.
    constexpr int effort = 5;
    if (bytes.size() > INT_MAX) throw std::length_error("deflate_with_stb");
    int size = 0;
    const std::unique_ptr<std::uint8_t, decltype(&std::free)> stream(
        stbi_zlib_compress(bytes.data(), static_cast<int>(bytes.size()), &size, effort), &std::free);
    if (stream == nullptr) throw std::bad_alloc();
    return {stream.get(), stream.get() + size};
}

std::vector<std::uint8_t> encode_with_stb(const lloyd::image<std::uint8_t>& picture, const std::string& format) {
    const auto elements = picture.size() * picture.channels();
    if (elements == 0 || elements > gibibyte) throw std::length_error("encode_with_stb");
    const auto width = static_cast<int>(picture.width()), height = static_cast<int>(picture.height());
    const auto channels = static_cast<int>(picture.channels());
    std::vector<std::uint8_t> file;
    int done = 0;
    if (format == "bmp")
        done = stbi_write_bmp_to_func(append, &file, width, height, channels, picture.data());
    else if (format == "jpg" && width <= 65535 && height <= 65535)
        done = stbi_write_jpg_to_func(append, &file, width, height, channels, picture.data(), 92);
    if (done == 0) throw std::length_error("encode_with_stb");
    return file;
}

}  // namespace io
