package org.smp4j.explore;

import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.run.Strategy;
import org.smp4j.explore.search.BoundedSearch;
import org.smp4j.explore.search.PartialOrderSearch;
import org.smp4j.explore.strategy.DelayStrategy;
import org.smp4j.explore.strategy.PctStrategy;
import org.smp4j.explore.strategy.Portfolio;
import org.smp4j.explore.strategy.PosStrategy;
import org.smp4j.explore.strategy.RandomStrategy;
import org.smp4j.explore.strategy.StarvationStrategy;
import org.smp4j.explore.strategy.SurwStrategy;

/** Finds strategies by name. */
final class Strategies {
    private static final String NAMES =
            "portfolio, portfolio-few, random, pct, pctN, pos, surw, starvation, delayN, dpor, sleep-sets, boundN";

    private Strategies() {
    }

    /** Throws unless there is a strategy of this name for the memory model. */
    static void check(String name, MemoryModel memory) {
        of(name, memory);
    }

    /** {@return a fresh strategy of this name, for runs under a memory model} */
    static Strategy of(String name, MemoryModel memory) {
        Strategy strategy = of(name);
        if (memory == MemoryModel.SC) {
            return strategy;
        }
        return switch (strategy) {
            case BoundedSearch _ -> new BoundedSearch(name.charAt(5) - '0', memory);
            case PartialOrderSearch _ -> new PartialOrderSearch(name.equals("dpor"), memory);
            default -> strategy;
        };
    }

    private static Strategy of(String name) {
        return switch (name) {
            case "portfolio" -> new Portfolio(Portfolio.Mix.BY_STEPS);
            case "portfolio-few" -> new Portfolio(Portfolio.Mix.FEW);
            case "random" -> new RandomStrategy();
            case "pct" -> new PctStrategy(3);
            case "pos" -> new PosStrategy();
            case "surw" -> new SurwStrategy();
            case "starvation" -> new StarvationStrategy();
            case "dpor" -> new PartialOrderSearch(true);
            case "sleep-sets" -> new PartialOrderSearch(false);
            default -> {
                if (name.matches("pct[1-9]")) {
                    yield new PctStrategy(name.charAt(3) - '0');
                }
                if (name.matches("delay[1-9]")) {
                    yield new DelayStrategy(name.charAt(5) - '0');
                }
                if (name.matches("bound[0-9]")) {
                    yield new BoundedSearch(name.charAt(5) - '0');
                }
                throw new ExplorerException("strategy " + name + ": one of " + NAMES);
            }
        };
    }
}
