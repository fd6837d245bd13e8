// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The programs of many processes: any number of them gives the answer of one, and when one fails all end.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/kmeans.hpp>

#include "../examples/image_io.hpp"
#include "../examples/mpi/point_file.hpp"
#include "run_program.hpp"
#include "sample_points.hpp"

namespace {

namespace fs = std::filesystem;
using samples::dice;

/// Root, and more ranks than cores, are refused by Open MPI unless it is told; other MPIs do not ask.
const std::string mpirun =
    "export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 "
    "PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe; " LLOYD_MPIRUN " ";

outcome run_ranks(int ranks, const scratch_directory& directory, const std::string& program,
                  const std::vector<std::string>& words) {
    return shell(directory, mpirun + std::to_string(ranks) + " " + command(program, words));
}

template <class T>
void write_points(const fs::path& path, const lloyd::image<T>& points) {
    const auto bytes = std::as_bytes(points.elements());
    fill(path, std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

double compactness_in(const std::string& out) { return std::stod(out.substr(out.find("compactness") + 11)); }

TEST_CASE("mpi_kmeans finds the same centers of 8-bit points on 1, 2, 3 and 5 ranks, bit for bit") {
    dice random;
    CAPTURE(random.seed);
    scratch_directory directory;
    for (const std::ptrdiff_t d : {3, 5}) {
        write_points(directory / "points", samples::blobs<std::uint8_t>(random, 3001, d, 9, 255, 20));
        std::string of_one;
        for (const int ranks : {1, 2, 3, 5}) {
            const auto result = run_ranks(
                ranks, directory, "mpi_kmeans",
                {"points", "--type", "u8", "-d", std::to_string(d), "-k", "7", "--sample", "50", "-o", "centers"});
            CAPTURE(result.err);
            REQUIRE(result.exit_code == 0);
            const auto rest = result.out.substr(result.out.find('\n')) + content_of(directory / "centers");
            CHECK(lines_of(result.out)[0] == "points       3001 on " + std::to_string(ranks) + " ranks");
            CHECK(lines_of(rest).size() == 1 + 2 + 7);
            if (ranks == 1) of_one = rest;
            CHECK(rest == of_one);
        }
    }
}

TEST_CASE("mpi_kmeans comes to the same compactness of floats on 1, 2, 3 and 5 ranks, within 1e-9") {
    dice random;
    CAPTURE(random.seed);
    scratch_directory directory;
    write_points(directory / "points", samples::noise<float>(random, 4000, 4, 1));
    double of_one = 0;
    for (const int ranks : {1, 2, 3, 5}) {
        const auto result =
            run_ranks(ranks, directory, "mpi_kmeans", {"points", "-d", "4", "-k", "6", "--max-iterations", "15"});
        CAPTURE(result.err);
        REQUIRE(result.exit_code == 0);
        if (ranks == 1) of_one = compactness_in(result.out);
        CHECK(std::abs(compactness_in(result.out) - of_one) <= 1e-9 * of_one);
    }
}

TEST_CASE("mpi_kmeans takes more ranks than points") {
    scratch_directory directory;
    write_points(directory / "points", samples::table<double>(1, {1, 2, 10}));
    const auto result =
        run_ranks(5, directory, "mpi_kmeans", {"points", "--type", "double", "-d", "1", "-k", "2", "-o", "centers"});
    CAPTURE(result.err);
    CHECK(result.exit_code == 0);
    CHECK(compactness_in(result.out) == 0.5);
    const auto centers = content_of(directory / "centers");
    CHECK((centers == "1.5 2\n10 1\n" || centers == "10 1\n1.5 2\n"));
}

TEST_CASE("mpi_palette paints what palette paints, on 1, 2, 3 and 5 ranks") {
    scratch_directory photos, directory;
    io::write(photos / "a.png", gradient(30, 20, 3));
    io::write(photos / "b.png", gradient(24, 16, 1));
    io::write(photos / "c.png", gradient(9, 40, 4));
    const auto words = [&](const std::string& out) {
        return std::vector<std::string>{photos.path().string(), "-k", "5", "-o", out};
    };
    REQUIRE(run(directory, "palette", words("one")).exit_code == 0);
    for (const int ranks : {1, 2, 3, 5}) {
        const auto result = run_ranks(ranks, directory, "mpi_palette", words("many"));
        CAPTURE(result.err);
        REQUIRE(result.exit_code == 0);
        CHECK(lines_of(result.out).size() == 5 + 2 + 3);
        for (const auto* name : {"a.png", "b.png", "c.png"})
            CHECK(content_of(directory / "many" / name) == content_of(directory / "one" / name));
        fs::remove_all(directory / "many");
    }
}

TEST_CASE("one rank that cannot go on ends the job, with its reason and exit code") {
    scratch_directory directory;
    io::write(directory / "a.png", gradient(30, 20, 3));
    fill(directory / "broken.png", "no picture");
    fill(directory / "short", "12345");
    const auto nan = std::numeric_limits<float>::quiet_NaN();
    write_points(directory / "odd", samples::table<float>(1, {1, 2, 3, nan, 4, 5}));
    const struct {
        std::string program;
        std::vector<std::string> words;
        int exit_code;
        std::string message;
    } wrong[] = {
        {"mpi_palette", {"a.png", "broken.png"}, 3, "broken.png"},
        {"mpi_palette", {"a.png", "missing.png"}, 3, "mpi_palette: cannot read missing.png"},
        {"mpi_palette", {"a.png", "-k", "256"}, 2, "-k is 256, but the photos have only"},
        {"mpi_palette", {"a.png", "-k", "2", "-o", "short/out"}, 4, "cannot write short/out"},
        {"mpi_kmeans", {}, 2, "mpi_kmeans: there is no file of points"},
        {"mpi_kmeans", {"missing"}, 3, "mpi_kmeans: cannot read missing"},
        {"mpi_kmeans", {"short", "-d", "1"}, 3, "its 5 bytes are not points of 1 numbers of 4 bytes"},
        {"mpi_kmeans", {"odd", "-d", "1", "-k", "9"}, 2, "-k is 9, but there are only 6 points"},
        {"mpi_kmeans", {"odd", "-d", "1", "-k", "2", "--sample", "2"}, 3, "cannot read odd: "},
        {"mpi_kmeans", {"odd", "-d", "1", "-k", "2", "-o", "none/centers"}, 4, "cannot write none/centers"},
    };
    for (const auto& call : wrong) {
        const auto result = run_ranks(2, directory, call.program, call.words);
        CAPTURE(result.err);
        CHECK(result.exit_code == call.exit_code);
        CHECK(mentions(result.err, call.message));
        CHECK(result.out.find("compactness") == std::string::npos);
    }
    const auto help = run_ranks(3, directory, "mpi_kmeans", {"--help"});
    CHECK(help.exit_code == 0);
    CHECK(help.out.find("usage:") == help.out.rfind("usage:"));
}

/// Runs a program of 3 ranks; `before` is shell text in which $rank is known, and the words may use it.
outcome run_by_rank(const scratch_directory& directory, const std::string& before, const std::string& program,
                    const std::string& words) {
    const auto script = "rank=${OMPI_COMM_WORLD_RANK:-$PMI_RANK}; " + before + "; exec " +
                        std::string(LLOYD_PROGRAMS_DIR "/") + program + " " + words;
    return shell(directory, mpirun + "3 sh -c " + quoted(script));
}

/// Ended by all ranks, with one message of the program.
void check_refusal(const outcome& result, const std::string& program, int exit_code, const std::string& message) {
    CAPTURE(message);
    CAPTURE(result.err);
    CHECK(result.exit_code == exit_code);
    CHECK(mentions(result.err, message));
    CHECK(result.err.find(program + ": ") == result.err.rfind(program + ": "));
    CHECK(result.out == "");
}

TEST_CASE("mpi_kmeans refuses a file that is not as long on every rank") {
    dice random;
    scratch_directory directory;
    const auto points = samples::noise<std::uint8_t>(random, 90, 1, 250);
    for (int rank = 0; rank < 3; ++rank) {
        fs::create_directory(directory / std::to_string(rank));
        const auto length = rank == 1 ? 60 : 90;
        write_points(directory / std::to_string(rank) / "points",
                     lloyd::image<std::uint8_t>(points.crop(0, 0, length, 1)));
    }
    const auto words = "points --type u8 -d 1 -k 2";
    check_refusal(run_by_rank(directory, "cd $rank", "mpi_kmeans", words), "mpi_kmeans", 3,
                  "cannot read points: it has 60 points on rank 1, but 90 on rank 0");
    fs::remove(directory / "2/points");
    check_refusal(run_by_rank(directory, "cd $rank", "mpi_kmeans", words), "mpi_kmeans", 3, "cannot read points: ");
}

TEST_CASE("a file of points that changes while it is read is refused") {
    scratch_directory directory;
    const auto path = directory / "points";
    write_points(path, samples::table<float>(1, {1, 2, 3}));
    const io::point_file<float> file(path.string(), 1);
    file.require_unchanged();
    const auto time = fs::last_write_time(path);
    const auto refused = [&] {
        try {
            file.require_unchanged();
        } catch (const cli::failure& failure) {
            return failure.exit_code == cli::unreadable && mentions(failure.what(), "it was changed while it was read");
        }
        return false;
    };
    write_points(path, samples::table<float>(1, {1, 2}));
    fs::last_write_time(path, time);
    CHECK(refused());
    write_points(path, samples::table<float>(1, {1, 2, 4}));
    fs::last_write_time(path, time + std::chrono::seconds(1));
    CHECK(refused());
    fs::remove(path);
    CHECK(refused());
}

TEST_CASE("programs of many ranks refuse options and photos that differ from rank to rank") {
    scratch_directory directory;
    write_points(directory / "points", samples::table<float>(1, {1, 2, 3, 4, 5, 6}));
    for (const auto* words : {"points -d 1 -k $((2 + rank))", "points -d 1 -k 2 --max-iterations $((3 - rank))"})
        check_refusal(run_by_rank(directory, "true", "mpi_kmeans", words), "mpi_kmeans", 2,
                      "rank 1 has other arguments than rank 0; give all ranks the same");
    for (const auto* photo : {"0/a.png", "0/b.png", "1/a.png", "2/a.png", "2/b.png"}) {
        fs::create_directories((directory / photo).parent_path());
        io::write(directory / photo, gradient(9, 8, 3));
    }
    check_refusal(run_by_rank(directory, "cd $rank", "mpi_palette", ". -k 2"), "mpi_palette", 3,
                  "rank 1 has other photos than rank 0");
    io::write(directory / "1/b.png", gradient(9, 8, 3));
    CHECK(run_by_rank(directory, "cd $rank", "mpi_palette", ". -k 2").exit_code == 0);
    fs::remove_all(directory / "0/palette");
    fill(directory / "1/b.png", "no picture");
    const auto broken = run_by_rank(directory, "cd $rank", "mpi_palette", ". -k 2");
    check_refusal(broken, "mpi_palette", 3, "cannot read ./b.png");
    CHECK_FALSE(fs::exists(directory / "0/palette"));
}

TEST_CASE("mpi_kmeans checks k before it takes memory for so many centers") {
    scratch_directory directory;
    write_points(directory / "points", samples::table<float>(1, {1, 2, 3, 4, 5, 6}));
    const auto result = shell(directory, "ulimit -v 2000000; " + mpirun + "3 " +
                                             command("mpi_kmeans", {"points", "-d", "1", "-k", "300000000"}));
    check_refusal(result, "mpi_kmeans", 2, "-k is 300000000, but there are only 6 points");
}

TEST_CASE("a rank that is killed ends the job") {
    scratch_directory directory;
    for (const auto* name : {"a.png", "b.png"}) io::write(directory / name, gradient(30, 20, 3));
    // Rank 1 reads from a pipe, and is known to wait there once the pipe has opened for writing.
    const auto start = "sh -c 'echo $$ >pid.${OMPI_COMM_WORLD_RANK:-$PMI_RANK}; exec \"$0\" \"$@\"' ";
    const auto result =
        shell(directory, "mkfifo pipe; " + mpirun + "3 " + start + command("mpi_palette", {"a.png", "pipe", "b.png"}) +
                             " & job=$!\nexec 3>pipe; kill -9 $(cat pid.1); wait $job");
    CHECK(result.exit_code > 0);
    CHECK_FALSE(fs::exists(directory / "palette"));
}

}  // namespace
