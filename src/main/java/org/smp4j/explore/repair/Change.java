package org.smp4j.explore.repair;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.explore.memory.Strengthening;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Site;

/**
 * A change of one access mode, or one more fence.
 *
 * @param strengthening the change
 * @param cost how strong it is; of two changes that do the same the cheaper one is better
 * @param text the change in words
 */
record Change(Strengthening strengthening, int cost, String text) {
    private static final int CHEAPEST_FENCE = 10;

    /** {@return whether it is a fence} */
    boolean isFence() {
        return strengthening.fence() != 0;
    }

    /** {@return the changes of the access modes that a site can have, cheapest first} */
    static List<Change> modes(Site site, int mode) {
        List<Change> changes = new ArrayList<>();
        boolean reads = (mode & Access.READ) != 0;
        boolean writes = (mode & Access.WRITE) != 0;
        if (reads && (mode & Access.ACQUIRE) == 0) {
            changes.add(mode(site, Access.ACQUIRE, 1, writes ? "Acquire" : "getAcquire"));
        }
        if (writes && (mode & Access.RELEASE) == 0) {
            changes.add(mode(site, Access.RELEASE, 1, reads ? "Release" : "setRelease"));
        }
        if ((mode & Access.VOLATILE) == 0) {
            int ordering = Access.VOLATILE | (reads ? Access.ACQUIRE : 0) | (writes ? Access.RELEASE : 0);
            changes.add(mode(site, ordering, 2, reads ? writes ? "Volatile" : "getVolatile" : "setVolatile"));
        }
        return changes;
    }

    private static Change mode(Site site, int ordering, int cost, String method) {
        boolean exchanges = Character.isUpperCase(method.charAt(0));
        String now = operation(site);
        String base = now.replaceFirst("(Plain|Acquire|Release|Volatile)$", "");
        String wanted = exchanges ? base + (method.equals("Volatile") ? "" : method) : method;
        return new Change(new Strengthening(site.id(), ordering, 0), cost,
                wanted.equals(now) ? "a volatile " + now + at(site) : wanted + " instead of " + now + at(site));
    }

    private static String operation(Site site) {
        return switch (site.operation()) {
            case "getfield", "getstatic" -> "the plain read";
            case "putfield", "putstatic" -> "the plain write";
            default -> site.operation();
        };
    }

    /** {@return the fences that can stand directly before a site, cheapest first} */
    static List<Change> fences(Site site, boolean ordersWrites) {
        List<Change> changes = new ArrayList<>();
        if (ordersWrites) {
            changes.add(fence(site, Access.RELEASE | Access.SAME_KIND, CHEAPEST_FENCE, "storeStoreFence"));
            changes.add(fence(site, Access.RELEASE, CHEAPEST_FENCE + 1, "releaseFence"));
        } else {
            changes.add(fence(site, Access.ACQUIRE | Access.SAME_KIND, CHEAPEST_FENCE, "loadLoadFence"));
            changes.add(fence(site, Access.ACQUIRE, CHEAPEST_FENCE + 1, "acquireFence"));
        }
        changes.add(fence(site, Access.VOLATILE | Access.ACQUIRE | Access.RELEASE, CHEAPEST_FENCE + 2, "fullFence"));
        return changes;
    }

    private static Change fence(Site site, int mode, int cost, String name) {
        return new Change(new Strengthening(site.id(), 0, mode), cost,
                name + " before " + operation(site) + at(site));
    }

    private static String at(Site site) {
        return site.file() == null ? "" : " at " + site.file() + ":" + site.line();
    }
}
