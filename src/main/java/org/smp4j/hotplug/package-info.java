/**
 * Floor 6: bringing CPUs up and down: the states, the steps between them, the engine that runs them in both directions
 * and back after a failure, bring-up and take-down. Mirrors {@code kernel/cpu.c} and
 * {@code include/linux/cpuhotplug.h}.
 */
package org.smp4j.hotplug;
