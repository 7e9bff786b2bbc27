package dev.corral.reconcile.testing;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Decides at each occasion which faults strike. What it draws is its own, so that the world around it happens in the same order
 * whether a fault was drawn or named.
 */
final class Injector {
    /** More of them in one run would only make it long. */
    private static final int MOST = 40;

    private final Map<Site, Occasions> sites = new EnumMap<>(Site.class);
    private final List<Strike> struck = new ArrayList<>();
    private final List<String> kinds;
    private boolean active;

    /** The occasions of one site. */
    private static final class Occasions {
        private final List<Draw> draws = new ArrayList<>();
        private final List<Strike> named = new ArrayList<>();
        private long count;
        private long next = Long.MAX_VALUE;

        /** When one of them strikes next at the earliest: until then nothing has to be looked at. */
        private void look() {
            next = Long.MAX_VALUE;
            draws.forEach(draw -> next = Math.min(next, draw.next));
            named.forEach(strike -> next = strike.index() > count ? Math.min(next, strike.index()) : next);
        }
    }

    /** A fault that strikes by probability: the distances between its strikes are drawn. */
    private static final class Draw {
        private final Fault fault;
        private final double probability;
        private final SplittableRandom random;
        private long next;

        private Draw(Fault fault, double probability, SplittableRandom random) {
            this.fault = fault;
            this.probability = probability;
            this.random = random;
            forward();
        }

        private void forward() {
            if (probability <= 0) {
                next = Long.MAX_VALUE;
                return;
            }
            double distance = probability >= 1 ? 0 : Math.log(1 - random.nextDouble()) / Math.log(1 - probability);
            next += 1 + (long) Math.min(distance, 1e15);
        }
    }

    /**
     * Faults drawn by a seed. Each seed has its own choice of them, since many kinds at once hide each other.
     *
     * @param kinds those whose caches may lag
     */
    static Injector drawn(Faults faults, long seed, List<String> kinds) {
        Injector injector = new Injector(kinds);
        SplittableRandom choice = new SplittableRandom(seed ^ 0x5DEECE66DL);
        double often = Math.pow(10, -1.5 + 2 * choice.nextDouble());
        double share = choice.nextDouble();
        boolean single = choice.nextInt(4) == 0;
        int only = single && !faults.list().isEmpty()
                ? choice.nextInt(faults.list().size())
                : -1;
        for (int i = 0; i < faults.list().size(); i++) {
            Fault fault = faults.list().get(i);
            SplittableRandom random = choice.split();
            Occasions occasions = injector.at(fault.trouble().site());
            fault.indexes()
                    .forEach(index -> occasions.named.add(
                            new Strike(fault.trouble(), fault.detail().orElse("?"), index)));
            boolean chosen = single ? i == only : faults.list().size() == 1 || random.nextDouble() < share;
            double probability = fault.probability()
                    .orElse(chosen ? Math.min(0.5, often * fault.trouble().standardProbability()) : 0);
            if (fault.indexes().isEmpty() && probability > 0) {
                occasions.draws.add(new Draw(fault, probability, random));
            }
        }
        injector.sites.values().forEach(Occasions::look);
        return injector;
    }

    /** Exactly these. */
    static Injector named(List<Strike> strikes) {
        Injector injector = new Injector(List.of());
        strikes.forEach(strike -> injector.at(strike.trouble().site()).named.add(strike));
        injector.sites.values().forEach(Occasions::look);
        return injector;
    }

    private Injector(List<String> kinds) {
        this.kinds = kinds;
        for (Site site : Site.values()) {
            sites.put(site, new Occasions());
        }
    }

    private Occasions at(Site site) {
        Occasions occasions = sites.get(site);
        if (occasions == null) {
            throw new AssertionError("no occasions for " + site);
        }
        return occasions;
    }

    /** From now on occasions count and faults strike. */
    void begin() {
        active = true;
    }

    /** From now on all is well. */
    void end() {
        active = false;
    }

    boolean active() {
        return active;
    }

    /** How many occasions of a site there have been. */
    long count(Site site) {
        return at(site).count;
    }

    /** Another occasion: the faults that strike at it, usually none. */
    List<Strike> next(Site site) {
        if (!active) {
            return List.of();
        }
        Occasions occasions = at(site);
        long index = ++occasions.count;
        if (index < occasions.next) {
            return List.of();
        }
        List<Strike> now = new ArrayList<>();
        for (Strike strike : occasions.named) {
            if (strike.index() == index) {
                now.add(strike.detail().equals("?") ? drawn(strike.trouble(), index) : strike);
            }
        }
        for (Draw draw : occasions.draws) {
            if (draw.next == index) {
                Trouble trouble = draw.fault.trouble();
                now.add(new Strike(
                        trouble, draw.fault.detail().orElseGet(() -> trouble.draw(draw.random, kinds)), index));
                draw.forward();
            }
        }
        occasions.look();
        now.removeIf(strike -> struck.size() >= MOST);
        struck.addAll(now);
        return now;
    }

    private Strike drawn(Trouble trouble, long index) {
        return new Strike(trouble, trouble.draw(new SplittableRandom(index), kinds), index);
    }

    /** All that struck so far, in order. */
    List<Strike> struck() {
        return List.copyOf(struck);
    }
}
