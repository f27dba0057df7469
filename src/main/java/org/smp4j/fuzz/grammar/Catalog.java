package org.smp4j.fuzz.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All productions of a grammar, by name. */
public final class Catalog {
    private final Map<String, Production> byName = new LinkedHashMap<>();

    /**
     * A catalog.
     *
     * @param productions its productions
     */
    public Catalog(List<Production> productions) {
        for (Production production : productions) {
            if (byName.put(production.name(), production) != null) {
                throw new IllegalArgumentException("two productions have the name " + production.name());
            }
        }
    }

    /** {@return all productions} */
    public List<Production> all() {
        return List.copyOf(byName.values());
    }

    /**
     * {@return the production of that name, or null}
     *
     * @param name the name
     */
    public Production find(String name) {
        return byName.get(name);
    }

    /** {@return this catalog and the illegal uses that its productions declare} */
    public Catalog withMisuses() {
        return with(byName.values().stream().flatMap(each -> each.illegalOnes().stream()).toList());
    }

    /** {@return whether a production is an illegal use} */
    boolean hasMisuses() {
        return byName.values().stream().anyMatch(each -> each.illegal() != null);
    }

    /**
     * {@return this catalog and more productions}
     *
     * @param more the others
     */
    public Catalog with(List<Production> more) {
        List<Production> all = new ArrayList<>(all());
        all.addAll(more);
        return new Catalog(all);
    }
}
