package dev.corral.cgroups;

import java.util.OptionalInt;

/**
 * How CPU shares of version 1 become a CPU weight of version 2. Tools do not agree: 1024 shares, the default, are a weight of
 * 100 for some and of 39 for others. So what is imported names its conversion.
 */
public enum ShareConversion {
    /**
     * A curve through (2, 1), (1024, 100) and (262144, 10000): runc, crun, youki and containerd since 2025.
     *
     * <p>Source: ConvertCPUSharesToCgroupV2Value of opencontainers/cgroups.
     */
    LOG_2025 {
        @Override
        int convert(long shares) {
            if (shares <= MIN_SHARES) {
                return MIN_WEIGHT;
            }
            if (shares >= MAX_SHARES) {
                return MAX_WEIGHT;
            }
            // StrictMath gives the same everywhere: one unit in the last place would become another weight through
            // ceil.
            double log = StrictMath.log((double) shares) / StrictMath.log(2);
            double exponent = (log * log + 125 * log) / 612.0 - 7.0 / 34.0;
            return (int) Math.ceil(StrictMath.pow(10, exponent));
        }

        @Override
        long invert(int weight) {
            long low = MIN_SHARES;
            long high = MAX_SHARES;
            while (low < high) {
                long middle = (low + high) / 2;
                if (convert(middle) < weight) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    },

    /** A straight line from (2, 1) to (262144, 10000), in whole numbers: kata, and runc before 2025. 1024 shares are 39. */
    LINEAR_OCI {
        @Override
        int convert(long shares) {
            return clamp(1 + (shares - MIN_SHARES) * (MAX_WEIGHT - 1) / (MAX_SHARES - MIN_SHARES));
        }

        @Override
        long invert(int weight) {
            return MIN_SHARES + (weight - 1L) * (MAX_SHARES - MIN_SHARES) / (MAX_WEIGHT - 1);
        }
    },

    /** In proportion, 100 for each 1024: systemd, and the scheduler's own scale. */
    SYSTEMD {
        @Override
        int convert(long shares) {
            return clamp(shares * 100 / 1024);
        }

        @Override
        long invert(int weight) {
            return Math.max(MIN_SHARES, Math.min(MAX_SHARES, weight * 1024L / 100));
        }
    };

    static final long MIN_SHARES = 2;
    static final long MAX_SHARES = 262_144;
    static final int MIN_WEIGHT = 1;
    static final int MAX_WEIGHT = 10_000;

    /**
     * The weight for so many shares.
     *
     * @param shares 0 or more; 0 means "not set" to those who write OCI configurations
     * @return 1 to 10000; empty for 0 shares
     */
    public OptionalInt weight(long shares) {
        if (shares < 0) {
            throw new IllegalArgumentException(shares + " CPU shares: it must be 0 or more");
        }
        return shares == 0 ? OptionalInt.empty() : OptionalInt.of(convert(Math.min(shares, MAX_SHARES)));
    }

    /**
     * The shares for a weight.
     *
     * @param weight 1 to 10000
     * @return 2 to 262144
     */
    public long shares(int weight) {
        return invert(checkWeight(weight));
    }

    abstract int convert(long shares);

    abstract long invert(int weight);

    static int checkWeight(int weight) {
        if (weight < MIN_WEIGHT || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException("weight of " + weight + ": it must be between 1 and 10000");
        }
        return weight;
    }

    private static int clamp(long weight) {
        return (int) Math.max(MIN_WEIGHT, Math.min(MAX_WEIGHT, weight));
    }
}
