// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// What owns pixels, what copies them, and what converts to what.

#include <lloyd/image.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "sample_images.hpp"

namespace {

using namespace samples;
using lloyd::image;
using lloyd::image_view;
using bytes = std::vector<u8>;

/// Width × height pixels whose elements count up from 1.
template <std::size_t C>
image<u8, C> counting(std::ptrdiff_t width, std::ptrdiff_t height) {
    image<u8, C> result(width, height);
    for (u8 value = 0; u8 & element : result.elements()) element = ++value;
    return result;
}

// Worked by hand

TEST_CASE("an image starts with every element 0, on memory that was used before") {
    for (int round = 0; round < 20; ++round) {
        image<u8, 3> photo(13, 7);
        CHECK(std::ranges::count(photo.elements(), u8{0}) == 13 * 7 * 3);
        std::ranges::fill(photo.elements(), u8{0xAB});
        image<double> samples(5, 3, 4);
        CHECK(std::ranges::count(samples.elements(), 0.0) == 60);
        std::ranges::fill(samples.elements(), 3.5);
    }
}

TEST_CASE("an image has every accessor of a view") {
    auto photo = counting<3>(3, 2);
    CHECK((photo.width() == 3 && photo.height() == 2 && photo.channels() == 3 && photo.size() == 6));
    CHECK((photo.row_stride() == 9 && photo.is_contiguous() && !photo.empty()));
    CHECK(photo(1, 1)[0] == 13);
    photo(1, 1)[0] = 99;
    CHECK(photo.row(1)[3] == 99);
    photo.row(0)[0] = 98;
    CHECK(photo.elements()[0] == 98);
    CHECK(photo.elements().size() == 18);
    CHECK(photo.data() == photo.elements().data());
    photo.crop(2, 1, 1, 1)(0, 0)[2] = 97;
    const auto& look = photo;
    CHECK(look(2, 1)[2] == 97);
    CHECK(look.row(1)[8] == 97);
    CHECK(look.elements()[17] == 97);
    CHECK(look.crop(2, 1, 1, 1).data() == look.data() + 15);
}

TEST_CASE("an image takes its channels at run time") {
    image<float> samples(2, 3, 5);
    CHECK((samples.width() == 2 && samples.height() == 3 && samples.channels() == 5));
    CHECK((samples(1, 2).size() == 5 && samples.row(0).size() == 10 && samples.elements().size() == 30));
    samples(1, 2)[4] = 7;
    CHECK(samples.elements()[29] == 7);
}

TEST_CASE("images without pixels keep their sizes") {
    CHECK((image<u8, 3>().empty() && image<u8, 3>().elements().empty() && image<u8, 3>().width() == 0));
    const image<u8, 3> tall(0, 5);
    CHECK((tall.height() == 5 && tall.empty() && tall.row(4).empty() && tall.elements().empty()));
    const image<u8, 3> copy(tall);
    CHECK((copy.width() == 0 && copy.height() == 5));
    const image<float> wide(5, 0, 2);
    CHECK((wide.width() == 5 && wide.channels() == 2 && image<float>(wide).width() == 5));
    CHECK(lloyd::select_channels<0>(tall).height() == 5);
}

TEST_CASE("rows without pixels take no time, however many they are") {
    constexpr auto most = (std::numeric_limits<std::ptrdiff_t>::max)();
    const image<u8> tall(0, most, 3);
    CHECK(image<u8>(tall).height() == most);
    CHECK(lloyd::select_channels<0>(tall).height() == most);
}

TEST_CASE("a copy is deep") {
    auto photo = counting<3>(3, 2);
    const auto before = elements_of(photo);
    auto copy = photo;
    image<u8, 3> assigned(9, 9);
    assigned = photo;
    photo(0, 0)[0] = 200;
    CHECK(elements_of(copy) == before);
    CHECK(elements_of(assigned) == before);
    copy(0, 0)[1] = 201;
    CHECK(photo(0, 0)[1] == 2);
    CHECK(assigned(0, 0)[1] == 2);
}

TEST_CASE("an image survives being assigned to itself") {
    auto photo = counting<2>(2, 2);
    auto& same = photo;
    photo = same;
    CHECK(elements_of(photo) == bytes{1, 2, 3, 4, 5, 6, 7, 8});
    photo = std::move(same);
    CHECK(elements_of(photo) == bytes{1, 2, 3, 4, 5, 6, 7, 8});
}

TEST_CASE("an image that is moved from is empty, and its pixels stay where they are") {
    auto photo = counting<3>(3, 2);
    const u8* place = photo.data();
    auto taken = std::move(photo);
    CHECK(taken.data() == place);
    CHECK((photo.empty() && photo.width() == 0 && photo.height() == 0 && photo.data() == nullptr));
    image<u8, 3> assigned(1, 1);
    assigned = std::move(taken);
    CHECK(assigned.data() == place);
    CHECK((taken.empty() && taken.elements().empty()));
    CHECK(assigned(2, 1)[2] == 18);
    photo = assigned;
    CHECK(same_pixels(photo, assigned));
    image<float> samples(2, 2, 3);
    const image<float> kept = std::move(samples);
    CHECK((samples.empty() && kept.channels() == 3));
}

TEST_CASE("select_channels reorders, drops and repeats") {
    const auto bgr = counting<3>(2, 2);
    const auto rgb = lloyd::select_channels<2, 1, 0>(bgr);
    static_assert(std::is_same_v<decltype(rgb), const image<u8, 3>>);
    CHECK(elements_of(rgb) == bytes{3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10});
    CHECK(elements_of(lloyd::select_channels<1>(bgr)) == bytes{2, 5, 8, 11});
    CHECK(elements_of(lloyd::select_channels<0, 0, 2, 2>(bgr.crop(1, 1, 1, 1))) == bytes{10, 10, 12, 12});
    const auto rgba = counting<4>(1, 2);
    CHECK(elements_of(lloyd::select_channels<0, 1, 2>(rgba)) == bytes{1, 2, 3, 5, 6, 7});
    const image_view<const u8> any(rgba);
    CHECK(elements_of(lloyd::select_channels<3, 0>(any)) == bytes{4, 1, 8, 5});
    CHECK(lloyd::select_channels<2, 1, 0>(image<u8>()).empty());
}

// Laws

TEST_CASE("a copy of any layout is contiguous and equal") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = random_image<3>(random, 9, 6);
    for (const auto& place : layouts(photo, u8{0xEE})) {
        const auto& view = place.view;
        CAPTURE(place.name);
        const image<u8, 3> copy(view);
        CHECK(same_pixels(copy, photo));
        CHECK(copy.row_stride() == 27);
        CHECK(copy.data() != view.data());
        CHECK(same_pixels(image<u8>(view), photo));
        CHECK(same_pixels(image<u8>(image_view<const u8>(view)), photo));
        CHECK(same_pixels(image<u8, 3>(image_view<const u8>(view)), photo));
        CHECK(same_pixels(lloyd::select_channels<0, 1, 2>(view), photo));
        CHECK(same_pixels(lloyd::select_channels<2, 1, 0>(lloyd::select_channels<2, 1, 0>(view)), photo));
    }
}

TEST_CASE("a conversion looks at the same pixels") {
    auto photo = counting<3>(3, 2);
    const image_view<u8, 3> view = photo;
    const image_view<const u8, 3> read = photo;
    const image_view<const u8, 3> reread = view;
    const image_view<u8> any = photo;
    const image_view<const u8> read_any = view;
    const image_view<const u8> read_again = any;
    const image_view<u8, 3> fixed(any);
    const image_view<const u8, 3> read_fixed(read_any);
    const auto& look = photo;
    const image_view<const u8> from_const = look;
    for (const image_view<const u8>& v : {read_any, read_again, from_const, image_view<const u8>(reread)}) {
        CHECK((v.data() == photo.data() && v.row_stride() == 9 && v.channels() == 3 && v.size() == 6));
    }
    CHECK((fixed.data() == photo.data() && read_fixed.data() == photo.data() && read.data() == photo.data()));
    const auto part = any.crop(1, 0, 2, 2);
    CHECK(image_view<u8, 3>(part).row_stride() == 9);
    CHECK(image_view<u8, 3>(part)(1, 1)[2] == 18);
}

TEST_CASE("an empty image at run time converts to any number of channels") {
    const image<float> none;
    CHECK(image_view<const float, 3>(none).empty());
    CHECK(image<float, 2>(none).empty());
}

template <lloyd::any_image Image>
std::ptrdiff_t pixels(const Image& any) {
    return any.size();
}

TEST_CASE("a function of any image takes temporaries, views and const images") {
    const image<u8, 3> photo(3, 2);
    CHECK(pixels(photo) == 6);
    CHECK(pixels(image<u8, 3>(2, 2)) == 4);
    CHECK(pixels(image<float>(2, 2, 7)) == 4);
    CHECK(pixels(photo.crop(0, 0, 1, 1)) == 1);
    CHECK(pixels(lloyd::select_channels<2, 1, 0>(image<u8, 3>(4, 4))) == 16);
}

// What the types promise

template <class From, class To>
constexpr bool implicitly = std::is_convertible_v<From, To>;
template <class From, class To>
constexpr bool explicitly = std::is_constructible_v<To, From> && !implicitly<From, To>;
template <class From, class To>
constexpr bool never = !std::is_constructible_v<To, From>;

using owner = image<u8, 3>;
using any_owner = image<u8>;
using view = image_view<u8, 3>;
using look = image_view<const u8, 3>;
using any_view = image_view<u8>;
using any_look = image_view<const u8>;

static_assert(implicitly<owner&, view> && implicitly<owner&, look> && implicitly<owner&, any_view>);
static_assert(implicitly<const owner&, look> && implicitly<const owner&, any_look> && implicitly<owner&, any_look>);
static_assert(implicitly<any_owner&, any_view> && implicitly<const any_owner&, any_look>);
static_assert(implicitly<view, look> && implicitly<view, any_view> && implicitly<view, any_look>);
static_assert(implicitly<look, any_look> && implicitly<any_view, any_look> && implicitly<const view&, look>);

static_assert(explicitly<any_view, view> && explicitly<any_view, look> && explicitly<any_look, look>);
static_assert(explicitly<any_owner&, view> && explicitly<const any_owner&, look>);
static_assert(explicitly<look, owner> && explicitly<view, owner> && explicitly<any_look, owner>);
static_assert(explicitly<look, any_owner> && explicitly<owner&, any_owner> && explicitly<any_owner, owner>);

static_assert(never<owner, view> && never<owner, look> && never<owner, any_look> && never<const owner, look>);
static_assert(never<any_owner, look> && never<any_owner, any_look>);
static_assert(never<const owner&, view> && never<const owner&, any_view> && never<look, view> && never<any_look, view>);
static_assert(never<look, any_view> && never<any_look, any_view>);
static_assert(never<owner&, image_view<u8, 4>> && never<look, image_view<const u8, 4>> && never<look, image<u8, 4>>);
static_assert(never<owner&, image_view<float, 3>> && never<look, image_view<const int, 3>> &&
              never<look, image<int, 3>>);
static_assert(never<image<int, 3>&, image_view<unsigned, 3>>);

static_assert(std::is_nothrow_move_constructible_v<owner> && std::is_nothrow_move_assignable_v<owner>);
static_assert(std::is_copy_constructible_v<owner> && std::is_copy_assignable_v<owner>);
static_assert(std::is_assignable_v<look&, owner&> && !std::is_assignable_v<look&, owner>);

template <class Image>
concept crops = requires(Image&& any) { std::forward<Image>(any).crop(0, 0, 0, 0); };
static_assert(crops<owner&> && crops<const owner&> && crops<view> && !crops<owner>);

static_assert(std::is_same_v<decltype(std::declval<owner&>()(0, 0)), std::span<u8, 3>>);
static_assert(std::is_same_v<decltype(std::declval<const owner&>()(0, 0)), std::span<const u8, 3>>);
static_assert(std::is_same_v<decltype(std::declval<const any_owner&>()(0, 0)), std::span<const u8>>);
static_assert(std::is_same_v<decltype(std::declval<owner&>().row(0)), std::span<u8>>);
static_assert(std::is_same_v<decltype(std::declval<const owner&>().row(0)), std::span<const u8>>);
static_assert(std::is_same_v<decltype(std::declval<const owner&>().elements()), std::span<const u8>>);
static_assert(std::is_same_v<decltype(std::declval<const owner&>().data()), const u8*>);
static_assert(std::is_same_v<decltype(std::declval<owner&>().crop(0, 0, 0, 0)), view>);
static_assert(std::is_same_v<decltype(std::declval<const owner&>().crop(0, 0, 0, 0)), look>);

static_assert(lloyd::any_image<owner> && lloyd::any_image<const owner&> && lloyd::any_image<look>);
static_assert(!lloyd::any_image<bytes> && !lloyd::any_image<int>);
static_assert(lloyd::channels_of<const look&> == 3 && lloyd::channels_of<any_owner> == std::dynamic_extent);
static_assert(std::is_same_v<lloyd::value_type_of<look>, u8>);

template <std::size_t... Channels>
concept selects = requires(const owner& photo) { lloyd::select_channels<Channels...>(photo); };
static_assert(selects<2, 1, 0> && !selects<>);

TEST_CASE("large images are zeroed, copied, moved and of any size as others are") {
    for (const std::ptrdiff_t size :
         {(1 << 20) - 1, 1 << 20, (1 << 20) + 1, (2 << 20) - 1, 2 << 20, (2 << 20) + 1, 5 << 20}) {
        CAPTURE(size);
        lloyd::image<std::int32_t, 1> a(size / 4, 1);
        CHECK(std::ranges::count(a.elements(), 0) == size / 4);
        a.elements().back() = 7;
        a.elements().front() = 8;
        const auto b = a;
        auto c = std::move(a);
        CHECK(a.empty());
        CHECK(std::ranges::equal(b.elements(), c.elements()));
        a = lloyd::image<std::int32_t, 1>(3, 1);
        c = std::move(a);  // large gives way to small
        CHECK(c.size() == 3);
        c = b;
        CHECK((c.elements().back() == 7 && c.elements().front() == 8));
    }
}

}  // namespace
