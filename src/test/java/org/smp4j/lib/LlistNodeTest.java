package org.smp4j.lib;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LlistNodeTest {
    @Test
    void onlyAnInitializedNodeIsOnNoList() {
        LlistNode node = new LlistNode();
        assertThat(node.onList()).as("a fresh node links to null, not to itself").isTrue();
        node.init();
        assertThat(node.onList()).isFalse();
        assertThat(node.next()).isSameAs(node);

        LlistHead head = new LlistHead();
        head.add(node);
        assertThat(node.onList()).as("also as the last one, whose link is null").isTrue();
        assertThat(head.delFirst()).isSameAs(node);
        assertThat(node.onList()).as("delFirst leaves the link").isTrue();
        head.add(node);
        head.delFirstInit();
        assertThat(node.onList()).isFalse();
    }

    @Test
    void reversingTurnsEveryLink() {
        LlistNode a = new LlistNode();
        LlistNode b = new LlistNode();
        LlistNode c = new LlistNode();
        a.setNext(b);
        b.setNext(c);
        assertThat(LlistNode.reverseOrder(a)).isSameAs(c);
        assertThat(c.next()).isSameAs(b);
        assertThat(b.next()).isSameAs(a);
        assertThat(a.next()).isNull();
    }

    @Test
    void nothingAndOneNodeReverseToThemselves() {
        assertThat(LlistNode.reverseOrder(null)).isNull();
        LlistNode only = new LlistNode();
        assertThat(LlistNode.reverseOrder(only)).isSameAs(only);
        assertThat(only.next()).isNull();
    }
}
