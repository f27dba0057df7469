package org.smp4j.scenario.oracle;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWork;
import org.smp4j.call.TtwuNode;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.LlistNode;

/**
 * Which nodes are on which lists in one run. A node on a list must not be added to another, nor again: it has only one
 * link, and the rest of the other list would be lost. A node of a call queue is still on it after the whole list was
 * taken, until its successor has been read. {@link TrackedCalls} holds what is known of csds.
 */
final class Links {
    /** A node and the list on which it was put last. */
    private static final class Link {
        final LlistNode node;
        LlistHead head;

        Link(LlistNode node) {
            this.node = node;
        }
    }

    private final List<Link> links = new ArrayList<>();

    void linked(LlistHead head, LlistNode node) {
        if (node instanceof Csd) {
            return;
        }
        Link link = find(node);
        if (link == null) {
            link = new Link(node);
            links.add(link);
        } else if (node instanceof IrqWork || node instanceof TtwuNode || link.head != head && isOn(link.head, node)) {
            Exploring.broken("linked twice", node.getClass()
                    .getSimpleName() + " is linked into a list although it still is in one", List.of());
        }
        link.head = head;
    }

    void unlinked(LlistNode node) {
        links.removeIf(each -> each.node == node);
    }

    private Link find(LlistNode node) {
        for (Link each : links) {
            if (each.node == node) {
                return each;
            }
        }
        return null;
    }

    private static boolean isOn(LlistHead head, LlistNode node) {
        for (LlistNode each = head.peekFirst(); each != null; each = each.next()) {
            if (each == node) {
                return true;
            }
        }
        return false;
    }
}
