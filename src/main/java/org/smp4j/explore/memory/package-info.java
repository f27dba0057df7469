/**
 * Weak memory: which values a read may return. {@link org.smp4j.explore.memory.Memory} keeps the last values of each
 * location and decides which of them a strand may still read; it runs nothing and chooses nothing. Its subclasses are
 * the models.
 */
package org.smp4j.explore.memory;
