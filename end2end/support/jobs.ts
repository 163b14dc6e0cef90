import { type APIRequestContext, expect } from "@playwright/test";

/** Asks for a promotion through `/v1` and returns it, its job's id included. */
export async function promote(request: APIRequestContext, body: object): Promise<any> {
  const response = await request.post("/v1/promotions", { data: body });
  expect(response.status(), await response.text()).toBe(201);
  return response.json();
}

/** Waits until the job has ended and returns it. */
export async function jobEnd(request: APIRequestContext, id: string): Promise<any> {
  let job: any;
  await expect
    .poll(
      async () => {
        const response = await request.get(`/v1/jobs/${id}`);
        job = await response.json();
        return job.ended;
      },
      { message: `job ${id} has ended`, timeout: 60_000, intervals: [100, 250] },
    )
    .toBe(true);
  return job;
}
