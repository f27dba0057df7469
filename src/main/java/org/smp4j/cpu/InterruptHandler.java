package org.smp4j.cpu;

/** An upper floor's handler for one interrupt; mirrors a handler given to {@code request_irq}. */
@FunctionalInterface
public interface InterruptHandler {
    /**
     * Handles the interrupt. Context: hard interrupt, IRQs off, on the CPU itself.
     *
     * @param cpu the CPU that took it
     */
    void handle(Cpu cpu);
}
