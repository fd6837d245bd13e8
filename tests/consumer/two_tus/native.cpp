// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include <lloyd/lloyd.hpp>

bool clusters_natively();

bool clusters_natively() {
    const float values[] = {1, 2, 11, 12};
    return lloyd::kmeans(lloyd::points(values, 4, 1), 2).compactness == 1;
}
