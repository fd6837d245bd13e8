// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// main: works in the plain unit alone. main both: each unit makes all there is, and takes what the other has made.

#include "handed.hpp"

int main(int argc, char**) {
    handed made;
    if (!make_in_plain_unit(made) || !take_in_plain_unit(made)) return 1;
    if (argc == 1) return 0;
    handed of_other;
    return make_in_other_unit(of_other) && take_in_other_unit(made) && take_in_plain_unit(of_other) ? 0 : 2;
}
